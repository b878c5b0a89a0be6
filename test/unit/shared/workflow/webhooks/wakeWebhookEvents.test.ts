import type { WebhookHint } from '../../../../../shared/queue/webhookHints';
import { makeWakeWebhookEvents } from '../../../../../shared/workflow/webhooks/wakeWebhookEvents';

/** Sources with so many events that are due; a broker that takes so many batches. Time passes by sleeping alone. */
function waking(sources: Record<string, number>, takes = Infinity) {
  let ms = 0;
  const asked: Record<string, number> = {};
  const batches: { atMs: number; hints: WebhookHint[] }[] = [];
  const wake = makeWakeWebhookEvents({
    webhookEvents: {
      sources: () => Promise.resolve(Object.keys(sources)),
      due: (source, _until, most) => {
        asked[source] = most;
        return Promise.resolve(
          Array.from({ length: Math.min(most, sources[source] ?? 0) }, (_, nth) => `${source}${nth}`),
        );
      },
    },
    hints: {
      send: (hints) => {
        if (batches.length === takes) return Promise.resolve(false);
        batches.push({ atMs: ms, hints });
        return Promise.resolve(true);
      },
    },
    tickMs: 60_000,
    now: () => '2026-03-02T09:00:00.000Z',
    monotonicMs: () => ms,
    sleep: (forMs) => Promise.resolve(void (ms += forMs)),
  });
  return { wake, batches, asked, hinted: () => batches.flatMap(({ hints }) => hints.map(({ key }) => key)) };
}

describe('wakeWebhookEvents', () => {
  it('hints at what is due, a hundred a second', async () => {
    const { wake, batches } = waking({ bamboo: 250 });
    expect(await wake()).toEqual({ found: 250, sent: true });
    expect(batches.map(({ atMs, hints }) => [atMs, hints.length])).toEqual([
      [0, 100],
      [1000, 100],
      [2000, 50],
    ]);
  });

  it('takes the sources in turn, so that one with many keeps no other waiting', async () => {
    const { wake, hinted } = waking({ bamboo: 900, workday: 2 }, 1);
    expect(await wake()).toEqual({ found: 902, sent: false });
    expect(hinted().slice(0, 5)).toEqual(['bamboo0', 'workday0', 'bamboo1', 'workday1', 'bamboo2']);
  });

  it('reads no more than a thousand of a source, and of many sources no more than a tick can send', async () => {
    const few = waking({ bamboo: 5000 });
    expect(await few.wake()).toEqual({ found: 1000, sent: true });
    const names = Array.from({ length: 20 }, (_, nth) => `source${nth}.`);
    const many = waking(Object.fromEntries(names.map((name) => [name, 5000])));
    // 100 a second in 48 of 60 s.
    expect(await many.wake()).toEqual({ found: 4800, sent: true });
    expect(many.asked['source7.']).toBe(240);
    expect(await waking({}).wake()).toEqual({ found: 0, sent: true });
  });
});
