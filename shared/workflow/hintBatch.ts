import type { Instant } from '../domain/time';
import type { HintSender } from '../queue/hintSender';
import type { Hint } from '../queue/hints';

export type HintBatch = Pick<HintSender, 'send'> & {
  /** Sends what is left and waits until all are sent, or one sending did not get through. Never throws. */
  end: () => Promise<void>;
};

const AT_ONCE = 100;

/**
 * Takes hints one by one and sends them by the hundred while others come in. After one that did not get through it sends
 * no more: the next tick does.
 */
export function makeHintBatch(hints: Pick<HintSender, 'send'>, sentBy: string, now: () => Instant): HintBatch {
  let waiting: Hint[] = [];
  let sending = Promise.resolve(true);

  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    sending = sending.then((isThrough) => isThrough && (batch.length === 0 || hints.send(batch, sentBy, now())));
  };

  return {
    send: (more) => {
      waiting.push(...more);
      if (waiting.length >= AT_ONCE) flush();
      return Promise.resolve(true);
    },
    end: async () => {
      flush();
      await sending;
    },
  };
}
