import { type NumberedEntry, entry, recordHistory } from '../../../../shared/domain/history';
import type { HistoryEntry, Invitation } from '../../../../shared/domain/invitation';
import { aQueuedInvitation } from '../../../support/invitations';

const at = (minute: number): string => `2026-03-02T09:${String(minute).padStart(2, '0')}:00.000Z`;
const postponed = (minute: number, detail?: string): HistoryEntry => entry(at(minute), 'postponed', 'workflow', detail);
const fresh = (): Invitation => aQueuedInvitation({ historyCount: 0 });

/** What the table holds after every entry has been recorded in a change of its own. */
function recordOneByOne(history: HistoryEntry[]): { invitation: Invitation; table: NumberedEntry[] } {
  const table = new Map<number, HistoryEntry>();
  let invitation = fresh();
  for (const next of history) {
    const recorded = recordHistory({ invitation, history: [next] });
    invitation = recorded.invitation;
    for (const { number, entry: written } of recorded.entries) table.set(number, written);
  }
  return { invitation, table: [...table].map(([number, written]) => ({ number, entry: written })) };
}

describe('entry', () => {
  it('has no detail where there is none to tell', () => {
    expect(entry(at(0), 'sent', 'workflow')).toEqual({ at: at(0), what: 'sent', by: 'workflow' });
    expect(entry(at(0), 'sent', 'workflow', 'send 0')).toEqual({
      at: at(0),
      what: 'sent',
      by: 'workflow',
      detail: 'send 0',
    });
  });
});

describe('recordHistory', () => {
  it('numbers the entries of a change from where the invitation stands', () => {
    const { invitation, entries } = recordHistory({
      invitation: aQueuedInvitation({ historyCount: 4 }),
      history: [entry(at(1), 'reminderSkipped', 'workflow'), entry(at(1), 'reminded', 'workflow')],
    });
    expect(entries).toEqual([
      { number: 5, entry: { at: at(1), what: 'reminderSkipped', by: 'workflow' } },
      { number: 6, entry: { at: at(1), what: 'reminded', by: 'workflow' } },
    ]);
    expect(invitation.historyCount).toBe(6);
    expect(invitation.lastHistory).toEqual({ at: at(1), what: 'reminded', by: 'workflow' });
  });

  it('writes nothing when nothing happened', () => {
    const invitation = fresh();
    expect(recordHistory({ invitation, history: [] })).toEqual({ invitation, entries: [] });
  });

  it('counts a repeat up in its place, and tells when it came last', () => {
    const { invitation, table } = recordOneByOne([
      postponed(1, 'throttled'),
      postponed(2, 'throttled'),
      postponed(3, 'throttled'),
    ]);
    expect(table).toEqual([{ number: 1, entry: { ...postponed(1, 'throttled'), times: 3, lastAt: at(3) } }]);
    expect(invitation.historyCount).toBe(1);
  });

  it('counts repeats within one change as well', () => {
    const { entries } = recordHistory({ invitation: fresh(), history: [postponed(1), postponed(2)] });
    expect(entries).toEqual([{ number: 1, entry: { ...postponed(1), times: 2, lastAt: at(2) } }]);
  });

  it.each([
    ['another event', entry(at(2), 'enqueued', 'workflow', 'throttled')],
    ['somebody else', entry(at(2), 'postponed', 'hr', 'throttled')],
    ['another detail', entry(at(2), 'postponed', 'workflow', 'serviceDown')],
    ['no detail', entry(at(2), 'postponed', 'workflow')],
  ])('keeps an entry apart that tells of %s', (_what, other) => {
    const { table } = recordOneByOne([postponed(1, 'throttled'), other]);
    expect(table).toEqual([
      { number: 1, entry: postponed(1, 'throttled') },
      { number: 2, entry: other },
    ]);
  });

  it('holds 60 entries at most: the last place is written over, the first ones stay', () => {
    const history = Array.from({ length: 200 }, (_, index) => postponed(index % 60, `reason ${index}`));
    const { invitation, table } = recordOneByOne(history);
    expect(table.map(({ number }) => number)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    expect(table[0]?.entry.detail).toBe('reason 0');
    expect(table[58]?.entry.detail).toBe('reason 58');
    expect(table[59]?.entry.detail).toBe('reason 199');
    expect(invitation.historyCount).toBe(60);
  });

  it('writes only the last of several entries that share the last place', () => {
    const { entries } = recordHistory({
      invitation: aQueuedInvitation({ historyCount: 60 }),
      history: [postponed(1, 'a'), postponed(2, 'b')],
    });
    expect(entries).toEqual([{ number: 60, entry: postponed(2, 'b') }]);
  });
});
