import type { Decision } from '../../../../shared/domain/decisions';
import { type Invitation, STATUSES, type Status, phaseOf } from '../../../../shared/domain/invitation';
import { nextStep, wakeUpOf } from '../../../../shared/domain/nextStep';
import { decidePatch, parsePatch } from '../../../../shared/domain/patchInvitation';
import {
  aFirstSend,
  aPendingInvitation,
  aPolicy,
  aQueuedInvitation,
  aRemoval,
  aReminder,
  aRequest,
  anExpiredInvitation,
  anInvitationInReview,
  anInvitationThatIs,
} from '../../../support/invitations';
import { rules } from '../../../support/requests';
import {
  aLinkedInRequest,
  aPendingLinkedIn,
  aPendingShare,
  aQueuedLinkedIn,
  aQueuedShare,
  aWaitingShare,
} from '../../../support/kinds';

/** Two days after the first mail, one before the first reminder. */
const NOW = '2026-03-04T09:00:00.000Z';
const LATER = '2026-03-20T08:00:00.000Z';
const policy = aPolicy();

const faultsOf = (body: unknown, invitation: Invitation = aPendingInvitation()) => {
  const parsed = parsePatch(body, invitation, rules());
  if (parsed.ok) throw new Error('Nothing was refused.');
  return parsed.faults;
};

const requestOf = (body: unknown, invitation: Invitation): Invitation['request'] => {
  const parsed = parsePatch(body, invitation, rules());
  if (!parsed.ok) throw new Error(`Refused: ${JSON.stringify(parsed.faults)}`);
  return parsed.request;
};

const patch = (invitation: Invitation, body: unknown, now = NOW): Decision =>
  decidePatch(invitation, requestOf(body, invitation), 'hr', now);

/** The invitation after a patch that changes something. */
function patched(invitation: Invitation, body: unknown, now = NOW): Invitation {
  const decision = patch(invitation, body, now);
  if (decision.type !== 'change') throw new Error(`Not changed: ${JSON.stringify(decision)}`);
  return decision.change.invitation;
}

/** `change`, `nothing`, or the code of the conflict. */
const resultOf = (decision: Decision): string => (decision.type === 'conflict' ? decision.fault.code : decision.type);

describe('what the body may hold', () => {
  it('is a copy to nobody whose domain is blocked', () => {
    const ccRecipients = [{ emailAddress: { address: 'x@blocked.example' } }];
    const body = { invitedUserMessageInfo: { ccRecipients } };
    const parsed = parsePatch(body, aPendingInvitation(), rules({ blockedEmailDomains: ['blocked.example'] }));
    expect(parsed).toMatchObject({
      ok: false,
      faults: [{ code: 'domainNotAllowed', target: 'invitedUserMessageInfo.ccRecipients.0.emailAddress.address' }],
    });
  });

  it.each([
    ['guest', 'invitedUserMessageInfo', aPendingInvitation(), { messageLanguage: 'de-DE' }],
    ['guest', 'metadata', aPendingInvitation(), { costCenter: '42' }],
    ['guest', 'externalId', aPendingInvitation(), 'employee 4711'],
    ['guest', 'expireAfter', aPendingInvitation(), 'P14D'],
    ['guest', 'notBefore', aQueuedInvitation(), LATER],
    ['driveItem', 'message', aPendingShare(), 'Please have a look.'],
    ['driveItem', 'expireAfter', aPendingShare(), 'P14D'],
    ['linkedIn', 'inviter', aPendingLinkedIn(), 'Another'],
    ['linkedIn', 'invitee', aPendingLinkedIn(), 'Another'],
    ['linkedIn', 'message', aPendingLinkedIn(), { invitationMessage: { body: 'New' } }],
    ['linkedIn', 'trackingId', aPendingLinkedIn(), 'Another'],
    ['linkedIn', 'expireAfter', aPendingLinkedIn(), 'P14D'],
  ])('%s: %s, and it alone is changed', (_kind, name, invitation, value) => {
    expect(requestOf({ [name]: value }, invitation)).toEqual({ ...invitation.request, [name]: value });
  });

  it('Int64 as numbers, long numbers and text', () => {
    const body = { created: 8, lastModified: 9007199254740993n };
    expect(requestOf(body, aPendingLinkedIn())).toMatchObject({ created: '8', lastModified: '9007199254740993' });
    expect(requestOf({ created: '0012' }, aPendingLinkedIn())).toMatchObject({ created: '12' });
  });

  it('of reminders the times, the zone, or both; the times in order', () => {
    const reminders = (body: object) => requestOf({ reminders: body }, aPendingInvitation()).reminders;
    expect(reminders({ after: ['P9D', 'P1D'] })).toEqual({ after: ['P1D', 'P9D'], timeZone: 'UTC' });
    expect(reminders({ timeZone: 'Europe/Berlin' })).toEqual({ after: ['P3D', 'P7D'], timeZone: 'Europe/Berlin' });
    expect(reminders({ after: [] })).toEqual({ after: [], timeZone: 'UTC' });
    expect(reminders({})).toEqual({ after: ['P3D', 'P7D'], timeZone: 'UTC' });
  });

  it('null for what shall be taken away', () => {
    const guest = aQueuedInvitation({
      request: aRequest({
        notBefore: LATER,
        externalId: 'x',
        metadata: { a: 'b' },
        invitedUserMessageInfo: { messageLanguage: 'de-DE' },
      }),
    });
    const nothing = { notBefore: null, externalId: null, metadata: null, invitedUserMessageInfo: null };
    expect(requestOf(nothing, guest)).toEqual(aRequest());
    expect(requestOf({ invitedUserMessageInfo: { messageLanguage: null } }, guest)).not.toHaveProperty(
      'invitedUserMessageInfo',
    );
    const share = aPendingShare({ request: { ...aPendingShare().request, message: 'x' } as Invitation['request'] });
    expect(requestOf({ message: null }, share)).not.toHaveProperty('message');
  });

  it('nothing that decides whom and what it is for', () => {
    const guest = [
      'kind',
      'invitedUserEmailAddress',
      'sendInvitationMessage',
      'replaces',
      'source',
      'groups',
      'approval',
    ];
    for (const name of guest)
      expect(faultsOf({ [name]: null })).toMatchObject([{ code: 'unknownProperty', target: name }]);
    const share = ['target', 'recipients', 'roles', 'password', 'requireSignIn', 'expirationDateTime'];
    for (const name of share) expect(faultsOf({ [name]: 'x' }, aPendingShare())).toMatchObject([{ target: name }]);
    expect(faultsOf({ status: 'accepted', id: 'x' })).toMatchObject([
      { code: 'readOnlyProperty', target: 'status' },
      { code: 'readOnlyProperty', target: 'id' },
    ]);
  });

  it.each<[string, unknown, Invitation, string]>([
    ['a time that is none', { expireAfter: 'soon' }, aPendingInvitation(), 'expireAfter'],
    ['no time to expire at all', { expireAfter: null }, aPendingInvitation(), 'expireAfter'],
    ['no reminders at all', { reminders: null }, aPendingInvitation(), 'reminders'],
    ['a date without a zone', { notBefore: '2026-03-20T08:00:00' }, aQueuedInvitation(), 'notBefore'],
    ['a message that is too long', { message: 'x'.repeat(2001) }, aPendingShare(), 'message'],
    [
      'a language that is none',
      { invitedUserMessageInfo: { messageLanguage: 'de_DE' } },
      aPendingInvitation(),
      'invitedUserMessageInfo.messageLanguage',
    ],
    ['no invitee', { invitee: null }, aPendingLinkedIn(), 'invitee'],
    ['an Int64 of text', { created: 'Integer' }, aPendingLinkedIn(), 'created'],
    ['the message of another kind', { message: 'x' }, aPendingLinkedIn(), 'message'],
  ])('refuses %s', (_what, body, invitation, target) => {
    expect(faultsOf(body, invitation)).toMatchObject([{ target }]);
  });

  it.each([[null], ['text'], [7], [[{}]]])('refuses %j for no object', (body) => {
    expect(faultsOf(body)).toEqual([
      {
        code: 'invalidBody',
        target: 'body',
        message: 'The body must be a JSON object with what shall change: {"expireAfter": "P14D"}.',
      },
    ]);
  });

  it.each([
    ['a guest without mail', aPendingInvitation({ request: aRequest({ sendInvitationMessage: false }) })],
    ['LinkedIn', aPendingLinkedIn()],
  ])('refuses reminders of %s: nobody is mailed', (_what, invitation) => {
    expect(faultsOf({ reminders: { after: ['P1D'] } }, invitation)).toEqual([
      {
        code: 'noMail',
        target: 'reminders',
        message: 'reminders: this invitation mails nothing, so there is nobody to remind.',
      },
    ]);
  });

  it('refuses an id before Graph has given any', () => {
    expect(faultsOf({ id: 'linkedIn-1' }, aQueuedLinkedIn())).toMatchObject([{ code: 'invalidValue', target: 'id' }]);
  });
});

describe('whether it may still change, by status and by what changes', () => {
  const CHANGES: Record<string, object> = {
    message: { invitedUserMessageInfo: { messageLanguage: 'de-DE' } },
    reminders: { reminders: { after: ['P5D'] } },
    expireAfter: { expireAfter: 'P14D' },
    externalId: { externalId: 'x' },
    metadata: { metadata: { a: 'b' } },
    notBefore: { notBefore: LATER },
  };
  const isUnsent = (status: Status) => ['awaitingApproval', 'scheduled', 'queued'].includes(status);
  const expected = (status: Status, name: string): string => {
    if (phaseOf(status) === 'closed') return 'statusForbids';
    return name === 'notBefore' && !isUnsent(status) ? 'alreadyDue' : 'change';
  };
  const cases = STATUSES.flatMap((status) =>
    Object.keys(CHANGES).map((name) => ({ status, name, result: expected(status, name) })),
  );

  it.each(cases)('$status, $name: $result', ({ status, name, result }) => {
    expect(resultOf(patch(anInvitationThatIs(status), CHANGES[name]))).toBe(result);
  });

  it.each(STATUSES)('%s: a patch that changes nothing is nothing', (status) => {
    const invitation = anInvitationThatIs(status);
    for (const body of [{}, { expireAfter: 'P30D' }, { reminders: { after: ['P7D', 'P3D'] } }, { metadata: null }]) {
      expect(patch(invitation, body)).toEqual({ type: 'nothing' });
    }
  });

  it.each([
    ['a first send', aQueuedInvitation({ intent: aFirstSend() })],
    ['a reminder', aPendingInvitation({ intent: aReminder() })],
  ])('%s in flight: later', (_what, invitation) => {
    expect(resultOf(patch(invitation, { expireAfter: 'P14D' }))).toBe('sendInProgress');
    expect(resultOf(patch(invitation, {}))).toBe('nothing');
  });

  it('a closed one says so even while its guest is being removed', () => {
    const removing = anExpiredInvitation({ intent: aRemoval(), removal: { status: 'due', tries: 0 } });
    expect(resultOf(patch(removing, { externalId: 'x' }))).toBe('statusForbids');
  });

  it('a share that waits for its guest has had its date', () => {
    expect(resultOf(patch(aWaitingShare(), { notBefore: LATER }))).toBe('alreadyDue');
    expect(resultOf(patch(aWaitingShare(), { message: 'Hello' }))).toBe('change');
  });

  it('tells in the history what was changed and by whom, and not to what', () => {
    const decision = patch(aPendingInvitation(), { metadata: { secret: 'hunter2' }, expireAfter: 'P14D' });
    expect(decision).toMatchObject({
      type: 'change',
      change: { history: [{ at: NOW, what: 'changed', by: 'hr', detail: 'expireAfter, metadata' }] },
    });
  });
});

describe('notBefore', () => {
  it('in the future puts a queued one off, and what it was to wait for is void', () => {
    const invitation = patched(aQueuedInvitation({ nextAttemptAt: '2026-03-05T00:00:00.000Z' }), { notBefore: LATER });
    expect(invitation.status).toBe('scheduled');
    expect(wakeUpOf(invitation, NOW, policy)).toEqual({ at: LATER, lane: 0 });
    expect(nextStep(invitation, LATER, policy)).toEqual({ type: 'enqueue' });
  });

  it('moves a scheduled one, there and back', () => {
    const scheduled = anInvitationThatIs('scheduled');
    const moved = patched(scheduled, { notBefore: LATER });
    expect([moved.status, wakeUpOf(moved, NOW, policy)?.at]).toEqual(['scheduled', LATER]);
    expect(wakeUpOf(patched(moved, { notBefore: '2026-03-10T08:00:00Z' }), NOW, policy)?.at).toBe(
      '2026-03-10T08:00:00.000Z',
    );
  });

  it.each([
    ['null', null],
    ['now', NOW],
    ['a date that has passed', '2026-03-01T00:00:00.000Z'],
  ])('%s brings a scheduled one forward to now', (_what, notBefore) => {
    const invitation = patched(anInvitationThatIs('scheduled'), { notBefore });
    expect(invitation.status).toBe('scheduled');
    expect(nextStep(invitation, NOW, policy)).toEqual({ type: 'enqueue' });
  });

  it('that has passed leaves a queued one where it is in the line', () => {
    const queued = aQueuedInvitation({ nextAttemptAt: '2026-03-05T00:00:00.000Z' });
    const invitation = patched(queued, { notBefore: '2026-03-01T00:00:00.000Z' });
    expect([invitation.status, invitation.nextAttemptAt]).toEqual(['queued', '2026-03-05T00:00:00.000Z']);
  });

  it('waits for the approval too', () => {
    const invitation = patched(anInvitationThatIs('awaitingApproval'), { notBefore: LATER });
    expect(invitation).toMatchObject({ status: 'awaitingApproval', request: { notBefore: LATER } });
  });

  it('puts off a share whose guest is there or whose mail failed, and it goes its way when the date has come', () => {
    const shared = aQueuedShare({ guestReadyAt: '2026-03-02T09:00:00.000Z', unmailedTries: 2, madePermission: true });
    const invitation = patched(shared, { notBefore: LATER });
    expect(invitation).toMatchObject({ status: 'scheduled', unmailedTries: 2, madePermission: true });
    expect(nextStep(invitation, LATER, policy)).toEqual({ type: 'enqueue' });
  });
});

describe('reminders', () => {
  const remindersOf = (body: object, now: string, changes: Partial<Invitation> = {}) => {
    const invitation = patched(aPendingInvitation({ nextCheckAt: LATER, ...changes }), { reminders: body }, now);
    const wakeUp = wakeUpOf(invitation, now, policy);
    return { done: invitation.remindersDone, next: wakeUp?.at };
  };

  it('moved into the future wait for their time', () => {
    expect(remindersOf({ after: ['P5D', 'P6D'] }, NOW)).toEqual({ done: 0, next: '2026-03-07T09:00:05.000Z' });
  });

  it('moved into the past are not caught up on; those ahead are kept', () => {
    expect(remindersOf({ after: ['PT1H', 'P1D', 'P5D'] }, NOW)).toEqual({ done: 2, next: '2026-03-07T09:00:05.000Z' });
    expect(remindersOf({ after: ['PT1H', 'P1D'] }, NOW)).toEqual({ done: 2, next: LATER });
  });

  it('that are due to the second count as past', () => {
    expect(remindersOf({ after: ['P2D'] }, '2026-03-04T09:00:05.000Z').done).toBe(1);
    expect(remindersOf({ after: ['P2D'] }, '2026-03-04T09:00:04.999Z').done).toBe(0);
  });

  it('that were mailed already are mailed again only at times that lie ahead', () => {
    expect(remindersOf({ after: ['P1D', 'P5D'] }, '2026-03-06T09:00:00.000Z', { remindersDone: 1 })).toEqual({
      done: 1,
      next: '2026-03-07T09:00:05.000Z',
    });
    expect(remindersOf({ after: ['P5D'] }, '2026-03-06T09:00:00.000Z', { remindersDone: 1 })).toEqual({
      done: 0,
      next: '2026-03-07T09:00:05.000Z',
    });
  });

  it('taken away are gone, and a re-send that was asked for is not', () => {
    expect(remindersOf({ after: [] }, NOW)).toEqual({ done: 0, next: LATER });
    const asked = patched(aPendingInvitation({ resendRequestedAt: NOW }), { reminders: { after: [] } });
    expect(nextStep(asked, NOW, policy)).toEqual({ type: 'send', number: 1, cause: 'resend' });
  });

  it('of one that was not mailed yet count from the first mail', () => {
    expect(patched(aQueuedInvitation(), { reminders: { after: ['PT1H'] } }).remindersDone).toBe(0);
    expect(patched(anInvitationInReview(), { reminders: { after: ['PT1H'] } }).remindersDone).toBe(0);
  });
});

describe('expireAfter', () => {
  it('counts from the first mail, on the calendar of the zone', () => {
    expect(patched(aPendingInvitation(), { expireAfter: 'P14D' }).expiresAt).toBe('2026-03-16T09:00:05.000Z');
    const berlin = { expireAfter: 'P28D', reminders: { timeZone: 'Europe/Berlin' } };
    expect(patched(aPendingInvitation(), berlin).expiresAt).toBe('2026-03-30T08:00:05.000Z');
  });

  it('moved into the past is due at once', () => {
    const invitation = patched(aPendingInvitation(), { expireAfter: 'P1D' });
    expect(invitation.expiresAt).toBe('2026-03-03T09:00:05.000Z');
    expect(nextStep(invitation, NOW, policy)).toEqual({ type: 'expire' });
  });

  it.each([
    ['queued', aQueuedInvitation()],
    ['needsReview', anInvitationInReview()],
  ])('of one that is %s is kept for its first mail', (_status, invitation) => {
    expect(patched(invitation, { expireAfter: 'P14D' })).toEqual({
      ...invitation,
      request: { ...invitation.request, expireAfter: 'P14D' },
    });
  });
});

describe('what Graph has to be told', () => {
  it.each([
    ['created', { created: 8 }],
    ['lastModified', { lastModified: '8' }],
    ['inviter', { inviter: 'x' }],
    ['invitee', { invitee: 'x' }],
    ['message', { message: {} }],
    ['trackingId', { trackingId: 'x' }],
  ])('%s of LinkedIn', (_name, body) => {
    const invitation = patched(aPendingLinkedIn(), body);
    expect(invitation.updateRequestedAt).toBe(NOW);
    expect(nextStep(invitation, NOW, policy)).toEqual({ type: 'update', requestedAt: NOW });
  });

  it('nothing of what is ours', () => {
    expect(patched(aPendingLinkedIn(), { expireAfter: 'P14D', metadata: { a: 'b' } })).not.toHaveProperty(
      'updateRequestedAt',
    );
  });

  it('nothing before it was added: the request goes with it', () => {
    const invitation = patched(aQueuedLinkedIn(), { inviter: 'x' });
    expect(invitation).not.toHaveProperty('updateRequestedAt');
    expect(invitation.request).toEqual(aLinkedInRequest({ inviter: 'x' }));
  });

  it('nothing of guests and shares: the next mail carries the message', () => {
    expect(patched(aPendingInvitation(), { invitedUserMessageInfo: { messageLanguage: 'de-DE' } })).not.toHaveProperty(
      'updateRequestedAt',
    );
    expect(patched(aPendingShare(), { message: 'x' })).not.toHaveProperty('updateRequestedAt');
  });
});
