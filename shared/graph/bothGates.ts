import { type Instant, later } from '../domain/time';
import type { Gate } from './gate';

/** Two limits at once, the wider one first: a token of it is lost when the narrower one has none. */
export const bothGates = (first: Gate, second: Gate): Gate => ({
  estimate: async () => later(await first.estimate(), await second.estimate()),
  foresee: async () => {
    const [next, nextOfSecond] = await Promise.all([first.foresee(), second.foresee()]);
    return () => later(next(), nextOfSecond());
  },
  reserve: async (count) => {
    await Promise.all([first.reserve(count), second.reserve(count)]);
  },
  retryPlace: async (from) => later(await first.retryPlace(from), await second.retryPlace(from)),
  shutUntil: async () => {
    const [until, untilOfSecond] = await Promise.all([first.shutUntil(), second.shutUntil()]);
    return latest(until, untilOfSecond);
  },
  take: async (lane, mostWaitMs) => {
    const taken = await first.take(lane, mostWaitMs);
    return taken.ok ? second.take(lane, mostWaitMs) : taken;
  },
  close: async (until, why) => {
    await Promise.all([first.close(until, why), second.close(until, why)]);
  },
  pause: async (until, why) => {
    await Promise.all([first.pause(until, why), second.pause(until, why)]);
  },
  refused: async (refusal) => {
    await Promise.all([first.refused(refusal), second.refused(refusal)]);
  },
  answered: async (beganAt, throttlePercentage) => {
    await Promise.all([first.answered(beganAt, throttlePercentage), second.answered(beganAt, throttlePercentage)]);
  },
  read: async () => {
    const states = await Promise.all([first.read(), second.read()]);
    return states[0].closedUntil >= states[1].closedUntil ? states[0] : states[1];
  },
  giveBack: () => {
    first.giveBack();
    second.giveBack();
  },
  demand: async () => {
    const [one, other] = await Promise.all([first.demand(), second.demand()]);
    return {
      perSecond: Math.min(one.perSecond, other.perSecond),
      isBusy: one.isBusy || other.isBusy,
      closedUntil: latest(one.closedUntil, other.closedUntil),
    };
  },
});

const latest = (one: Instant | undefined, other: Instant | undefined): Instant | undefined =>
  one === undefined ? other : later(one, other);
