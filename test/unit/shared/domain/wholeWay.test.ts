import fc from 'fast-check';
import { type Invitation, STATUSES, type Status, isOpen, phaseOf } from '../../../../shared/domain/invitation';
import { type Step, nextStep, wakeUpOf } from '../../../../shared/domain/nextStep';
import { KINDS, isMailed } from '../../../../shared/domain/request';
import { EVENTS, transition } from '../../../../shared/domain/transition';
import { type Visited, type Walk, walks } from '../../../support/walk';

/* What the design promises of an invitation, whatever people, Graph and the workers do to it. */

const onEveryWalk = (check: (walk: Walk) => void): void => fc.assert(fc.property(walks, check), { numRuns: 200 });

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
        const isConfirmed = after.invitation.sends.at(-1)?.status === 'confirmed';
        if (after.invitation.sends.length > before.invitation.sends.length && !isConfirmed) {
          expect(before.invitation.intent?.purpose).toBe('send');
          expect(after.invitation.sends.at(-1)?.attemptId).toBe(before.invitation.intent?.attemptId);
        }
        if (after.mailed) expect(['queued', 'pendingAcceptance']).toContain(after.invitation.status);
      }
    });
  });

  it('a send that counts is never mailed again: numbers follow each other, and reminders are asked for once', () => {
    onEveryWalk(({ visited }) => {
      const { sends, request } = visited.at(-1)!.invitation;
      expect(sends.map(({ number }) => number)).toEqual(sends.map((_send, index) => index));
      expect(sends.filter(({ cause }) => cause === 'first').length).toBeLessThanOrEqual(1);
      const reminders = sends.filter(({ cause }) => cause === 'reminder').length;
      // Another list of reminders may begin anew.
      const isPatched = visited.some(({ entries }) => entries.some(({ entry }) => entry.what === 'changed'));
      if (!isPatched) expect(reminders).toBeLessThanOrEqual(request.reminders.after.length);
      if (!isMailed(request)) expect(reminders).toBe(0);
    });
  });

  it('strict asks Graph for the first mail again only after it surely was not mailed', () => {
    onEveryWalk((walk) => {
      const { request, resolvedTries } = walk.visited.at(-1)!.invitation;
      if (walk.policy.ambiguousSends === 'strict' && isMailed(request)) expect(resolvedTries).toBe(0);
    });
  });

  it('LinkedIn is asked again after an unknown answer only where a person decided so', () => {
    onEveryWalk(({ visited }) => {
      let isUnknown = false;
      for (const { invitation, entries, mailed } of visited) {
        if (invitation.kind !== 'linkedIn') return;
        expect(mailed && isUnknown).toBe(false);
        for (const { entry } of entries)
          isUnknown = entry.what === 'answerUnknown' || (isUnknown && entry.what !== 'retried');
      }
    });
  });

  it('nothing is mailed before what it replaces is dealt with, while a guest is awaited, or unapproved', () => {
    onEveryWalk(({ visited }) => {
      for (const { invitation, mailed } of visited) {
        if (!mailed) continue;
        expect(invitation.replaces?.status).not.toBe('due');
        expect(invitation).not.toHaveProperty('waitsFor');
        if (invitation.request.approval) expect(invitation.approval?.decision).toBe('approved');
      }
    });
  });

  it('a change of LinkedIn stays to be told until Graph has heard of it, or it is closed', () => {
    onEveryWalk((walk) => {
      for (const [{ invitation: before }, { invitation, entries }] of moves(walk)) {
        if (before.updateRequestedAt === undefined || invitation.updateRequestedAt !== undefined) continue;
        const isTold = entries.some(({ entry }) => ['updated', 'updateRefused', 'retried'].includes(entry.what));
        expect(isTold || closedAt(invitation)).toBe(true);
      }
    });
  });

  it('only what was not there before is ever to be taken back: a guest, a permission, and nothing of LinkedIn', () => {
    onEveryWalk(({ visited }) => {
      for (const { invitation } of visited) {
        if (invitation.removal?.status !== 'due') continue;
        if (invitation.kind === 'guest') expect(invitation.guestCreatedAfter).toBeDefined();
        else expect([invitation.kind, invitation.madePermission]).toEqual(['driveItem', true]);
      }
    });
  });

  it('a share that is revoked and was made is taken back, whatever else is kept', () => {
    onEveryWalk(({ visited }) => {
      for (const { invitation } of visited) {
        const isOurs = invitation.madePermission === true && invitation.graph?.id !== undefined;
        if (invitation.kind !== 'driveItem' || invitation.status !== 'revoked' || !isOurs) continue;
        expect(invitation.removal).toBeDefined();
        if (invitation.removal?.status === 'kept') expect(invitation.removal.reason).not.toMatch(/settings/);
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

  it('the walks come to every status, every step and every kind', () => {
    const visited = fc.sample(walks, { numRuns: 500, seed: 1 }).flatMap(({ visited: places, policy }) =>
      places.map(({ invitation, now }) => {
        const at = wakeUpOf(invitation, now, policy)?.at ?? now;
        return { invitation, step: nextStep(invitation, at, policy).type };
      }),
    );
    expect(new Set(visited.map(({ invitation }) => invitation.status))).toEqual(new Set(STATUSES));
    expect(new Set(visited.map(({ invitation }) => invitation.kind))).toEqual(new Set(KINDS));
    const stepsMet = new Set(visited.map(({ step }) => step));
    for (const step of STEPS) expect(stepsMet).toContain(step);
  });
});

const STEPS: Step['type'][] = [
  'none',
  'resolve',
  'enqueue',
  'awaitGuest',
  'revokeReplaced',
  'update',
  'send',
  'checkRedemption',
  'expire',
  'removeGuest',
  'rejectOverdue',
  'erase',
  'joinGroup',
];
