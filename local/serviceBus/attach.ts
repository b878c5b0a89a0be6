import type { AmqpError, RheaReceiver, RheaSender } from './rhea';

/** Service Bus's limit in the Standard tier. */
const MAX_MESSAGE_BYTES = 262_144;

/** Answers with the client's own source, target and settle modes. The client asks the answer for the size limit. */
export function acceptAttach(link: RheaSender | RheaReceiver): void {
  const { source, target } = link;
  if (source?.address !== undefined) link.set_source({ address: source.address });
  if (target?.address !== undefined) link.set_target({ address: target.address });
  Object.assign(link.local.attach, {
    snd_settle_mode: link.snd_settle_mode,
    rcv_settle_mode: link.rcv_settle_mode,
    max_message_size: MAX_MESSAGE_BYTES,
  });
}

/** An attach that names no source and no target, and then a detach: AMQP's way of saying no. */
export function refuseAttach(link: RheaSender | RheaReceiver, error: AmqpError): void {
  link.close(error);
}

export function isTooLarge(payload: Buffer): boolean {
  return payload.length > MAX_MESSAGE_BYTES;
}

/** Calls back once when the link, its session or its connection has ended. */
export function onceGone(link: RheaSender | RheaReceiver, callback: () => void): void {
  let isGone = false;
  const gone = () => {
    if (isGone) return;
    isGone = true;
    callback();
  };
  link.observers.once(link.is_receiver() ? 'receiver_close' : 'sender_close', gone);
  link.session.observers.once('session_close', gone);
  link.connection.socket.once('close', gone);
}
