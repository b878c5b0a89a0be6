import fc from 'fast-check';
import { type Decision, decideResend, decideRevoke } from '../../../shared/domain/decisions';
import { decideApproval } from '../../../shared/domain/approval';
import type { Invitation } from '../../../shared/domain/invitation';
import {
  deadLettered,
  decideConfirmSent,
  decideResetRedemption,
  decideRetry,
} from '../../../shared/domain/operatorDecisions';
import type { Outcome } from '../../../shared/domain/outcome';
import { decidePatch } from '../../../shared/domain/patchInvitation';
import { KINDS } from '../../../shared/domain/request';
import { addMs, later } from '../../../shared/domain/time';
import type { Event } from '../../../shared/domain/transition';
import type { StoredInvitation } from '../../../shared/tables/invitationEntity';
import { parseWakeUpKey } from '../../../shared/tables/keys';
import { holdInvariants } from './invariants';
import { REQUESTS } from './requests';
import { answer, deliver } from './workers';
import { type World, applied, commit, happen, invitations, store } from './world';

/** A command on the world; the model that fast-check keeps beside it is the world's own record, so there is none. */
type Command = fc.Command<object, World>;

/** A command that does `run` and then holds the world to its invariants; printed as its name and what it was given. */
function command<T>(
  name: string,
  given: fc.Arbitrary<T>,
  run: (world: World, given: T) => void,
): fc.Arbitrary<Command> {
  return given.map((value) => ({
    check: () => true,
    run: (_model, world) => {
      run(world, value);
      holdInvariants(world);
    },
    toString: () => `${name}(${JSON.stringify(value)})`,
  }));
}

const which = fc.nat({ max: 9 });

/** One of the invitations there are, if there is one. */
function onOne(run: (world: World, stored: StoredInvitation) => void) {
  return (world: World, index: number): void => {
    const all = invitations(world);
    const stored = all[index % Math.max(all.length, 1)];
    if (stored) run(world, stored);
  };
}

const kind = fc.constantFrom('guest', 'driveItem', ...KINDS);

const HOUR_MS = 3_600_000;

const request = command(
  'request',
  fc.record({ kind, when: fc.constantFrom('now', 'now', 'now', 'later', 'approval') }),
  (world, asked) => {
    const notBefore = addMs(world.now, HOUR_MS);
    const approval = { required: true as const, expiresAfter: 'P2D' };
    store(world, {
      ...REQUESTS[asked.kind],
      ...(asked.when === 'later' ? { notBefore } : {}),
      ...(asked.when === 'approval' ? { approval } : {}),
    });
  },
);

/** A new request in the place of an earlier one: of the same kind it takes over the claim where that holds it. */
const replace = command('replace', fc.record({ kind, index: which }), (world, asked) => {
  const all = invitations(world);
  const replaced = all[asked.index % Math.max(all.length, 1)];
  if (!replaced) return;
  const { id, kind: before } = replaced.invitation;
  store(world, { ...REQUESTS[asked.kind], replaces: id }, before === asked.kind ? replaced : undefined);
});

/** What a person decides, through the product's own function. */
const deciding = (
  name: string,
  event: Event,
  decide: (invitation: Invitation, world: World) => Decision,
): fc.Arbitrary<Command> =>
  command(
    name,
    which,
    onOne((world, stored) => {
      const decision = decide(stored.invitation, world);
      const change = decision.type === 'change' ? decision.change : undefined;
      if ((event === 'retry' || event === 'resetRedemption') && change) again(world, stored.invitation.id);
      happen(world, stored, event, change);
    }),
  );

/** A person decides that one more first mail goes out, under the same number where none is on record. */
const again = ({ decidedAgain }: World, id: string) => decidedAgain.set(id, (decidedAgain.get(id) ?? 0) + 1);

/** What the caller changes of a request that may still be changed. */
const patches = (name: string, event: Event | undefined, patched: (world: World, before: Invitation) => object) =>
  command(
    name,
    which,
    onOne((world, stored) => {
      const { invitation } = stored;
      const asked = { ...invitation.request, ...patched(world, invitation) };
      const decision = decidePatch(invitation, asked, 'ada', world.now);
      const change = decision.type === 'change' ? decision.change : undefined;
      if (event) happen(world, stored, event, change);
      else if (change) commit(world, stored, change);
    }),
  );

const putOff = patches('putOff', 'putOff', ({ now }) => ({ notBefore: addMs(now, HOUR_MS) }));

/** Of a LinkedIn invitation something that LinkedIn is told of; of others the times of what is still to come. */
const patch = patches('patch', undefined, ({ made }, { kind: of }) =>
  of === 'linkedIn'
    ? { trackingId: `tracking-${made}` }
    : { expireAfter: 'P6D', reminders: { after: ['P3D'], timeZone: 'UTC' } },
);

const resend = command(
  'resend',
  which,
  onOne((world, stored) => {
    const decision = decideResend(stored.invitation, 'ada', world.now);
    if (decision.type === 'change') commit(world, stored, decision.change);
  }),
);

const deadLetter = command(
  'deadLetter',
  which,
  onOne((world, stored) => {
    happen(world, stored, 'deadLetter', deadLettered(stored.invitation, world.now, world.policy));
  }),
);

const FAULT = { code: 'serviceDown', message: 'x'.repeat(1_000) };

/** A worker whose attempt is long over comes back with what it was told; it must mean nothing where it is forbidden. */
const LATE: Partial<Record<Event, Outcome>> = {
  sent: { type: 'sent', attemptId: 'long gone', graph: { id: 'graph-1', invitedUser: { id: 'user-1' } } },
  refused: { type: 'refused', attemptId: 'long gone', fault: FAULT },
  unclear: { type: 'resolved', attemptId: 'long gone', verdict: { found: 'unclear' } },
  enqueue: { type: 'enqueued', sendAt: '2026-03-02T09:00:00.000Z' },
  expire: { type: 'expired' },
  redeemed: { type: 'redeemed', userId: 'user-1' },
};

const late = command(
  'late',
  fc.record({
    index: which,
    event: fc.constantFrom<Event>('sent', 'refused', 'unclear', 'enqueue', 'expire', 'redeemed'),
  }),
  (world, { index, event }) => {
    const outcome = LATE[event];
    if (outcome) onOne((_, stored) => happen(world, stored, event, applied(world, stored, outcome)))(world, index);
  },
);

/** The person opens the mail. Graph knows; the workflow has yet to find out. */
const redeem = command('redeem', fc.constant(null), ({ guest, now }) => {
  if (guest?.state === 'PendingAcceptance') Object.assign(guest, { state: 'Accepted', stateChangedAt: now });
});

const tick = command('tick', fc.constant(null), (world) => {
  for (const { invitation, wakeUp } of invitations(world)) {
    if (wakeUp !== undefined && parseWakeUpKey(wakeUp).at <= addMs(world.now, 70_000)) world.hints.push(invitation.id);
  }
});

const wait = command('wait', fc.constantFrom(1_000, 90_000, 720_000, 86_400_000, 5 * 86_400_000), (world, ms) => {
  world.now = addMs(world.now, ms);
});

/** The clock goes to the next wake-up, and the tick finds it. */
const wake = command(
  'wake',
  which,
  onOne((world, { invitation, wakeUp }) => {
    if (wakeUp === undefined) return;
    world.now = later(world.now, parseWakeUpKey(wakeUp).at);
    world.hints.push(invitation.id);
  }),
);

/**
 * The same, and a worker has the hint at once; where that is a mail, Graph answers at once too, or nobody does yet. Without
 * its refusals few would fail, and some event would not meet one that has in 10,000 sequences.
 */
const go = command(
  'go',
  fc.record({
    index: which,
    how: fc.constantFrom('sent', 'sent', 'sent', 'unmailed', 'lostAfterwards', 'refused' as const, undefined),
  }),
  (world, { index, how }) =>
    onOne((_, { invitation, wakeUp }) => {
      if (wakeUp === undefined) return;
      world.now = later(world.now, parseWakeUpKey(wakeUp).at);
      const before = world.inFlight.length;
      deliver(world, invitation.id);
      const worker = world.inFlight[before];
      if (!worker || how === undefined) return;
      world.inFlight.pop();
      answer(world, worker, how, FAULT);
    })(world, index),
);

const take = <T>(list: T[], index: number): T | undefined => list.splice(index % Math.max(list.length, 1), 1)[0];

const deliverHint = command('deliver', which, (world, index) => {
  const id = take(world.hints, index);
  if (id !== undefined) deliver(world, id);
});

const duplicate = command('duplicate', which, ({ hints }, index) => {
  const id = hints[index % Math.max(hints.length, 1)];
  if (id !== undefined) hints.push(id);
});

const lose = command('lose', which, ({ hints }, index) => void take(hints, index));

/** Graph answers the worker, whichever of them it is by now. */
const answerOne = command(
  'answer',
  fc.record({
    index: which,
    how: fc.constantFrom(
      'sent',
      'sent',
      'sent',
      'sent',
      'unmailed',
      'lostAfterwards',
      'lostUnmailed',
      'lostBefore',
      'throttled',
      'refused' as const,
    ),
  }),
  (world, { index, how }) => {
    const worker = take(world.inFlight, index);
    if (worker) answer(world, worker, how, FAULT);
  },
);

/** A worker dies between its intent and its call. */
const crash = command('crash', which, ({ inFlight }, index) => void take(inFlight, index));

/** Many of what drives the way on, a few of what disturbs it. */
export const commands = (replayPath: string | undefined) =>
  fc.commands(
    [
      request,
      request,
      replace,
      putOff,
      patch,
      deliverHint,
      deliverHint,
      deliverHint,
      answerOne,
      answerOne,
      answerOne,
      go,
      go,
      go,
      go,
      go,
      wake,
      tick,
      wait,
      redeem,
      duplicate,
      lose,
      crash,
      late,
      late,
      resend,
      deadLetter,
      deciding('revoke', 'revoke', (invitation, { now, policy }) => decideRevoke(invitation, 'ada', now, policy)),
      deciding('retry', 'retry', (invitation, { now }) => decideRetry(invitation, 'ada', now)),
      deciding('confirmSent', 'confirmSent', (invitation, { now, policy }) =>
        decideConfirmSent(invitation, 'ada', now, policy),
      ),
      deciding('resetRedemption', 'resetRedemption', (invitation, { now }) =>
        decideResetRedemption(invitation, 'ada', now),
      ),
      deciding('approve', 'approve', (invitation, { now }) => decideApproval(invitation, 'approved', 'ada', now)),
      deciding('reject', 'reject', (invitation, { now }) => decideApproval(invitation, 'rejected', 'ada', now)),
    ],
    { maxCommands: 60, size: 'max', ...(replayPath === undefined ? {} : { replayPath }) },
  );
