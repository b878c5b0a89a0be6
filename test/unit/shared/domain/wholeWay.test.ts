import fc from 'fast-check';
import { type Invitation, type Status, isOpen, phaseOf } from '../../../../shared/domain/invitation';
import { wakeUpOf } from '../../../../shared/domain/nextStep';
import { isMailed } from '../../../../shared/domain/request';
import { EVENTS, transition } from '../../../../shared/domain/transition';
import { type Visited, type Walk, walks } from '../../../support/walk';

/* What the design promises of an invitation, whatever people, Graph and the workers do to it. */

const onEveryWalk = (check: (walk: Walk) => void): void => fc.assert(fc.property(walks, check));

/** Each place of a walk with the one before. */
const moves = ({ visited }: Walk): [before: Visited, after: Visited][] =>
  visited.slice(1).map((after, index) => [visited[index]!, after]);

const closedAt = (invitation: Invitation) => phaseOf(invitation.status) === 'closed';

describe('on any way an invitation may go', () => {
  it('its status only changes as the table of transitions allows', () => {
    const leadsTo = (from: Status, to: Status) => EVENTS.some((event) => transition(from, event) === to);
    onEveryWalk((walk) => {
      for (const [{ invitation: before }, { invitation: after }] of moves(walk)) {
        if (before.status === after.status) continue;
        // A revoke and an acceptance may ride on the outcome of a mail: two events in one transaction.
        const inOne = leadsTo(before.status, after.status);
        const inTwo = EVENTS.map((event) => transition(before.status, event)).some(
          (between) => between !== undefined && leadsTo(between, after.status),
        );
        expect(inOne || (before.intent !== undefined && inTwo)).toBe(true);
      }
    });
  });

  it('it has a wake-up while it is open', () => {
    onEveryWalk(({ visited, policy }) => {
      for (const { invitation, now } of visited) {
        if (isOpen(invitation.status)) expect(wakeUpOf(invitation, now, policy)).toBeDefined();
      }
    });
  });

  it('it holds its claim until it is closed, and never after', () => {
    onEveryWalk(({ visited }) => {
      for (const { invitation } of visited) expect(invitation.holdsClaim).toBe(!closedAt(invitation));
    });
  });

  it('nothing is mailed without an intent, and nothing once it is closed', () => {
    onEveryWalk((walk) => {
      for (const [before, after] of moves(walk)) {
        if (after.invitation.sends.length > before.invitation.sends.length) {
          expect(before.invitation.intent?.purpose).toBe('send');
          expect(after.invitation.sends.at(-1)?.attemptId).toBe(before.invitation.intent?.attemptId);
        }
        if (after.mailed) expect(isOpen(after.invitation.status)).toBe(true);
      }
    });
  });

  it('a send that counts is never mailed again: numbers follow each other, and reminders are asked for once', () => {
    onEveryWalk(({ visited }) => {
      const { sends, request } = visited.at(-1)!.invitation;
      expect(sends.map(({ number }) => number)).toEqual(sends.map((_send, index) => index));
      expect(sends.filter(({ cause }) => cause === 'first').length).toBeLessThanOrEqual(1);
      const reminders = sends.filter(({ cause }) => cause === 'reminder').length;
      expect(reminders).toBeLessThanOrEqual(request.reminders.after.length);
      if (!isMailed(request)) expect(reminders).toBe(0);
    });
  });

  it('strict asks Graph for the first mail again only after it surely was not mailed', () => {
    onEveryWalk((walk) => {
      if (walk.policy.ambiguousSends !== 'strict') return;
      expect(walk.visited.at(-1)!.invitation.resolvedTries).toBe(0);
    });
  });

  it('only a guest who was not there before is ever to be removed', () => {
    onEveryWalk(({ visited }) => {
      for (const { invitation } of visited) {
        if (invitation.removal?.status === 'due') expect(invitation.guestCreatedAfter).toBeDefined();
      }
    });
  });

  it('its history stays within 60 places, each number following the one before', () => {
    onEveryWalk(({ visited }) => {
      let last = 0;
      for (const { entries, invitation } of visited) {
        for (const { number } of entries) {
          expect(number === last || number === last + 1).toBe(true);
          expect(number).toBeLessThanOrEqual(60);
          last = number;
        }
        expect(invitation.historyCount).toBe(last);
      }
    });
  });

  it('the walks come to every status that the workflow leads to by itself', () => {
    const met = new Set(
      fc
        .sample(walks, { numRuns: 300, seed: 1 })
        .flatMap(({ visited }) => visited.map(({ invitation }) => invitation.status)),
    );
    expect([...met].sort()).toEqual([
      'accepted',
      'expired',
      'failed',
      'needsReview',
      'pendingAcceptance',
      'queued',
      'revoked',
      'scheduled',
    ]);
  });
});
