/**
 * The loosely typed AMQP library, narrowed to what the stand-in uses of it, undocumented parts included.
 *
 * Nothing else imports rhea, so an update of it is checked here.
 */
import type { Server, Socket } from 'node:net';
import { create_container, message, types } from 'rhea';
import { disposition } from 'rhea/lib/frames';
import type { AmqpMessage } from './amqpMessage';

export interface AmqpError {
  condition: string;
  description: string;
}

interface Emitter {
  on(event: string, listener: (event: RheaEvent) => void): void;
  once(event: string, listener: (event: RheaEvent) => void): void;
  emit(event: string): void;
}

export interface RheaConnection {
  socket: Socket;
  is_open(): boolean;
  find_sender(filter: (sender: RheaSender) => boolean): RheaSender | undefined;
  _register(): void;
  /** With no arguments an empty frame, as for a heartbeat. */
  _write_frame(): void;
  /** Clears the heartbeat timers; rhea calls it on 'end' and 'error' only. */
  _disconnected(): void;
}

export interface RheaSession extends Emitter {
  connection: RheaConnection;
  /** Unlike the session itself it is told everything, and swallows nothing. */
  observers: Emitter;
  outgoing: {
    next_delivery_id: number;
    next_pending_delivery: number;
    available(): number;
    transfer_window(): number;
  };
  output(frame: object): void;
  on_transfer(frame: { performative: { message_format?: number } }): void;
  on_flow(frame: object): void;
}

interface RheaTerminus {
  address?: string;
  filter?: Record<string, unknown>;
}

interface RheaLink extends Emitter {
  name: string;
  connection: RheaConnection;
  session: RheaSession;
  observers: Emitter;
  /** As the client attached it. */
  source: RheaTerminus | null;
  target: RheaTerminus | null;
  snd_settle_mode: number;
  rcv_settle_mode: number;
  /** What the stand-in's own attach will say; it is written at the end of the tick. */
  local: { attach: { snd_settle_mode: number; rcv_settle_mode: number; max_message_size: number } };
  is_closed(): boolean;
  is_receiver(): boolean;
  set_source(fields: RheaTerminus): void;
  set_target(fields: RheaTerminus): void;
  close(error?: AmqpError): void;
}

/** The stand-in sends on it: the client receives. */
export interface RheaSender extends RheaLink {
  credit: number;
  delivery_count: number;
  issue_flow: boolean;
  _draining: boolean;
  _get_drain(): boolean;
  send(payload: Buffer, tag: Buffer, format: number): void;
}

/** The stand-in receives on it: the client sends. */
export interface RheaReceiver extends RheaLink {
  add_credit(credit: number): void;
}

export interface RheaDelivery {
  id: number;
  tag: Buffer;
  link: RheaLink;
  settled: boolean;
  remote_settled: boolean;
  remote_state?: {
    undeliverable_here?: boolean;
    message_annotations?: Record<string, unknown>;
    error?: { condition?: string; description?: string; info?: Record<string, unknown> };
  };
}

export interface RheaEvent {
  connection: RheaConnection;
  session: RheaSession;
  sender: RheaSender;
  receiver: RheaReceiver;
  delivery: RheaDelivery;
  /** The undecoded message, because the format is never 0 (see amqpServer.ts). */
  message: Buffer;
  format: number;
  error?: Error;
}

export interface RheaContainer extends Emitter {
  listen(options: object): Server;
}

/** A value that is written with its AMQP type as it is. */
export interface TypedValue {
  readonly value: unknown;
}

interface Composite {
  described(): object;
}

const messages = message as unknown as {
  encode(message: object): Buffer;
  decode(payload: Buffer): AmqpMessage;
  accepted(): Composite;
  rejected(fields: { error: AmqpError }): Composite;
};

const typed = types as unknown as {
  wrap_long(value: number): TypedValue;
  wrap_int(value: number): TypedValue;
  wrap_uuid(value: Buffer): TypedValue;
  wrap_array(values: number[], typeCode: number): TypedValue;
};

export const createContainer = (id: string): RheaContainer => create_container({ id });

export const encodeMessage = (content: AmqpMessage): Buffer => messages.encode(content);
export const decodeMessage = (payload: Buffer): AmqpMessage => ({ ...messages.decode(payload) });

export const long = (value: number): TypedValue => typed.wrap_long(value);
export const int = (value: number): TypedValue => typed.wrap_int(value);
export const uuid = (value: Buffer): TypedValue => typed.wrap_uuid(value);
export const longArray = (values: number[]): TypedValue => typed.wrap_array(values, 0x81);
export const timestampArray = (epochMs: number[]): TypedValue => typed.wrap_array(epochMs, 0x83);

/**
 * Settles a delivery with an answer: accepted, or rejected with the error.
 *
 * Not by `delivery.update`: rhea 3.0.5 merges two different outcomes of one tick into one disposition (session.js,
 * `write_dispositions`: `first !== last` should be `first !== delivery`), so a lost lock would read as completed.
 */
export function answerDelivery(delivery: RheaDelivery, error?: AmqpError): void {
  const outcome = error ? messages.rejected({ error }) : messages.accepted();
  if (!delivery.remote_settled) {
    const { id, link } = delivery;
    link.session.output(
      disposition({ role: link.is_receiver(), first: id, last: id, settled: true, state: outcome.described() }),
    );
  }
  // Both, or the session's buffer of 2,048 deliveries never lets go of it.
  delivery.settled = true;
  delivery.remote_settled = true;
  delivery.link.connection._register();
}
