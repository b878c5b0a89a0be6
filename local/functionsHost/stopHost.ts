import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { QueueReceiver } from './serviceBusTrigger';
import type { Timer } from './timerTrigger';
import type { WorkInHand } from './workInHand';

export interface StopParts {
  server: Server;
  timers: Timer[];
  receivers: QueueReceiver[];
  work: WorkInHand;
  /** Runs when nothing is in hand any more, or time is up. */
  lastly: () => Promise<void>;
}

/** The time that Azure gives a host to finish. */
const finishWithinMs = 5000;
const closeWithinMs = 1000;

/** Takes no new work, lets what is in hand finish, and lets go of everything; what is not finished by then is dropped. */
export async function stopHost({ server, timers, receivers, work, lastly }: StopParts): Promise<void> {
  server.close();
  for (const timer of timers) timer.stop();
  const quiet = Promise.allSettled(receivers.map((receiver) => receiver.stop())).then(() => work.done());
  await atMost(finishWithinMs, quiet);
  await atMost(closeWithinMs, Promise.allSettled([lastly(), ...receivers.map((receiver) => receiver.close())]));
  server.closeAllConnections();
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([work, delay(ms, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}
