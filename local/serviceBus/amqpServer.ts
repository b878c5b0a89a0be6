import type { Server } from 'node:net';
import { createContainer } from './rhea';
import type { RheaConnection, RheaEvent, RheaReceiver, RheaSender, RheaSession } from './rhea';

/** Set on messages of format 0: any other format makes rhea hand over the bytes, and not what it decoded. */
const PLAIN_FORMAT = 1;
/** Service Bus's batches: each data section is an encoded message. */
export const BATCH_FORMAT = 0x80013700;

/** Raised on a session after any flow frame: a link has credit, or the session's window opened again. */
export const SESSION_FLOW = 'session_flow';

const REPORTED_EVENTS = [
  'connection_error',
  'session_error',
  'sender_error',
  'receiver_error',
  'protocol_error',
  'error',
];

export interface AmqpHandlers {
  /** A client wants to receive. To be accepted or refused at once: the answer is written at the end of the tick. */
  onReceiverAttached(link: RheaSender): void;
  /** A client wants to send; likewise. */
  onSenderAttached(link: RheaReceiver): void;
  onLog(line: string): void;
}

/** Listens for AMQP 1.0 over plain TCP, with SASL ANONYMOUS; 'listening' and 'error' come as from any server. */
export function listenForAmqp(host: string, port: number, handlers: AmqpHandlers): Server {
  const container = createContainer('service-bus-stand-in');
  container.on('connection_open', ({ connection }) => adoptConnection(connection));
  container.on('session_open', ({ session }) => adoptSession(session));
  container.on('sender_open', ({ sender }) => handlers.onReceiverAttached(sender));
  container.on('receiver_open', ({ receiver }) => handlers.onSenderAttached(receiver));
  for (const event of REPORTED_EVENTS) container.on(event, (report) => handlers.onLog(`${event}: ${reasonOf(report)}`));
  // Without a listener rhea writes a warning to the console.
  container.on('disconnected', () => undefined);

  return container.listen({
    host,
    port,
    tcp_no_delay: true,
    receiver_options: { autoaccept: false, credit_window: 1000 },
    sender_options: { treat_modified_as_released: false },
  });
}

/** rhea reports some errors in an event and others bare. */
function reasonOf(report: RheaEvent | Error): string {
  const error = report instanceof Error ? report : report.error;
  return error?.message ?? 'reported by the client';
}

function adoptConnection(connection: RheaConnection): void {
  const { socket } = connection;
  // Every link listens for the end of its connection.
  socket.setMaxListeners(0);
  socket.once('close', () => connection._disconnected());
  acknowledgeReads(connection);
}

/**
 * Writes an empty frame after a read that nothing was written for.
 *
 * The client leaves Nagle's algorithm on, so it keeps its next small frame back until the last one is acknowledged,
 * and a bare acknowledgement is delayed by 40 ms.
 */
function acknowledgeReads(connection: RheaConnection): void {
  const { socket } = connection;
  let writtenBefore = 0;
  socket.prependListener('data', () => (writtenBefore = socket.bytesWritten));
  socket.on('data', () => {
    setImmediate(() => {
      if (socket.bytesWritten === writtenBefore && !socket.destroyed && connection.is_open()) connection._write_frame();
    });
  });
}

function adoptSession(session: RheaSession): void {
  const onTransfer = session.on_transfer.bind(session);
  session.on_transfer = (frame) => {
    frame.performative.message_format ||= PLAIN_FORMAT;
    onTransfer(frame);
  };
  const onFlow = session.on_flow.bind(session);
  session.on_flow = (frame) => {
    onFlow(frame);
    session.emit(SESSION_FLOW);
  };
}
