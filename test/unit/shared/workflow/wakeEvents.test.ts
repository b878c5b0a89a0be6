import type { EventHint } from '../../../../shared/queue/eventHints';
import { type EventKey, eventKey } from '../../../../shared/tables/keys';
import { makeWakeEvents } from '../../../../shared/workflow/wakeEvents';

const ID = '019cadc6-9a80-7abc-8def-01234567890b';
const NOW = '2026-03-02T09:00:00.000Z';
const at = (seconds: number) => new Date(Date.parse(NOW) + seconds * 1_000).toISOString();
const event = (sequence: number, second: number): EventKey => ({
  dueAt: at(second),
  invitationId: ID,
  sequence,
  subscriptionId: ID,
});

/** Two partitions, all events in the first; time passes by sleeping alone. */
function waking(events: EventKey[]) {
  let ms = 0;
  const batches: { atMs: number; hints: EventHint[] }[] = [];
  const wake = makeWakeEvents({
    dueEvents: {
      dueBefore: (partition, until, most, after) => {
        const behind = after ? eventKey(after) : '';
        const all = partition === '00' ? events.filter((key) => key.dueAt < until && eventKey(key) > behind) : [];
        return Promise.resolve(all.slice(0, most));
      },
    },
    eventHints: {
      send: (hints) => {
        batches.push({ atMs: ms, hints });
        return Promise.resolve(true);
      },
    },
    partitions: 2,
    tickMs: 60_000,
    now: () => NOW,
    monotonicMs: () => ms,
    sleep: (forMs) => Promise.resolve(void (ms += forMs)),
  });
  return { wake, batches };
}

describe('wakeEvents', () => {
  it('hints at what is due before the next tick and ten seconds more, each for its time', async () => {
    const [first, second, late] = [event(1, -5), event(2, 69), event(3, 70)];
    const { wake, batches } = waking([first, second, late]);
    expect(await wake()).toEqual({ found: 2, sent: true });
    expect(batches.flatMap(({ hints }) => hints)).toEqual([
      { key: eventKey(first), at: at(-5) },
      { key: eventKey(second), at: at(69) },
    ]);
  });

  it('takes 3,000 of a backlog, the oldest first, a hundred a second, and is over before the next', async () => {
    const { wake, batches } = waking(Array.from({ length: 5_000 }, (_, nth) => event(nth, nth - 9_000)));
    expect(await wake()).toEqual({ found: 3_000, sent: true });
    const [first, second] = batches;
    expect(batches.map(({ hints }) => hints.length)).toEqual(Array(30).fill(100));
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBe(1000);
    expect(batches.at(-1)?.atMs).toBeLessThan(48_000);
    expect(batches.at(-1)?.hints.at(-1)?.at).toBe(at(2_999 - 9_000));
  });
});
