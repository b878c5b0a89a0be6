import type { Hint } from '../../../../shared/queue/hints';
import { makeAdvanceInvitation } from '../../../../shared/workflow/advanceInvitation';
import { aPolicy, aQueuedInvitation } from '../../../support/invitations';

const NOW = '2026-03-02T09:00:00.000Z';
const SOON = '2026-03-02T09:00:03.000Z';

/** An invitation whose send is due in three seconds; every other adapter is out of reach. */
function earlyHint() {
  const invitation = { ...aQueuedInvitation(), nextAttemptAt: SOON };
  const wakeUp = `w-0-${SOON}-${invitation.id}`;
  const sent: { hint: Hint; sentBy: string }[] = [];
  const outOfReach = new Proxy({}, { get: (_, name) => () => Promise.reject(new Error(`${String(name)} was called`)) });
  const parts = {
    invitations: { read: () => Promise.resolve({ invitation, etag: 'e', changeId: 'the-change', wakeUp }) },
    hints: {
      send: (hints: Hint[], sentBy: string) => {
        sent.push(...hints.map((hint) => ({ hint, sentBy })));
        return Promise.resolve(true);
      },
    },
    guest: outOfReach,
    gate: outOfReach,
    invitedUsers: outOfReach,
    policy: aPolicy(),
    tickMs: 60_000,
    callTimeoutMs: 30_000,
    now: () => NOW,
    monotonicMs: () => 0,
    sleep: () => Promise.resolve(),
  };
  const advance = makeAdvanceInvitation(parts as unknown as Parameters<typeof makeAdvanceInvitation>[0]);
  return { advance, id: invitation.id, wakeUp, sent };
}

describe('a hint that comes before its time', () => {
  it('is replaced by a copy for the right time that does nothing until then', async () => {
    const { advance, id, wakeUp, sent } = earlyHint();
    expect(await advance(id, wakeUp)).toMatchObject({ type: 'nothingDue', steps: [] });
    expect(sent.map(({ hint }) => hint)).toEqual([{ id, wakeUp, at: SOON }]);
  });

  it('gives each copy a MessageId of its own: duplicate detection would drop a copy that reuses one', async () => {
    const { advance, id, wakeUp, sent } = earlyHint();
    await advance(id, wakeUp);
    await advance(id, wakeUp);
    const ids = sent.map(({ sentBy }) => sentBy);
    expect(new Set([...ids, 'the-change']).size).toBe(3);
  });

  it('is dropped when its wake-up has moved: who moved it sent a new one', async () => {
    const { advance, id, sent } = earlyHint();
    await advance(id, `w-0-${NOW}-${id}`);
    expect(sent).toEqual([]);
  });
});
