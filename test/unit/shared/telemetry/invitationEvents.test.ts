import { InvocationContext } from '@azure/functions';
import type { Invitation } from '../../../../shared/domain/invitation';
import { functionRun } from '../../../../shared/telemetry/functionRun';
import { tellChange } from '../../../../shared/telemetry/invitationEvents';
import {
  ID,
  SENT_AT,
  aPendingInvitation,
  aQueuedInvitation,
  aRequest,
  aSend,
  omit,
} from '../../../support/invitations';
import { useMemory } from '../../../support/memoryBackend';

const memory = useMemory();

/** What a change means, as the lines that are logged, without their sentences, and as figures. */
async function told(before: Invitation | undefined, after: Invitation) {
  const lines: Record<string, unknown>[] = [];
  const context = new InvocationContext({
    logHandler: (level, line) => lines.push({ level, ...(JSON.parse(String(line)) as object) }),
  });
  const handler = functionRun(() => {
    tellChange(before, after);
    return Promise.resolve();
  });
  await handler(undefined, context);
  return {
    lines: lines.map((line) => omit(line, 'message', 'traceparent')),
    figures: memory.figures().map(([metric, value]) => [metric, value]),
  };
}

const origin = { source: 'hr' };
const queued = (changes: Partial<Invitation> = {}) => aQueuedInvitation({ origin, ...changes });
const pending = (changes: Partial<Invitation> = {}) => aPendingInvitation({ origin, ...changes });
const OF = { invitationId: ID, kind: 'guest', source: 'hr' };

it('tells of a request, which is one more open', async () => {
  expect(await told(undefined, queued())).toEqual({
    lines: [{ level: 'information', event: 'requested', ...OF }],
    figures: [
      ['invitations.requested', 1],
      ['invitations.open', 1],
    ],
  });
  expect(memory.figures()[0]?.[2]).toEqual({ kind: 'guest', source: 'hr' });
});

it('tells of the first mail, with the try at Graph and the seconds since the request', async () => {
  expect(await told(queued(), pending())).toEqual({
    lines: [{ level: 'information', event: 'sent', ...OF, attemptId: 'attempt-0', secondsToSend: 5 }],
    figures: [
      ['invitations.sent', 1],
      ['invitations.time_to_send', 5],
    ],
  });
});

it.each([
  ['its date', { request: aRequest({ notBefore: '2026-03-02T09:00:03.000Z' }) }],
  ['its approval', { approval: { decision: 'approved' as const, at: '2026-03-02T09:00:03.000Z', by: 'x' } }],
])('counts the time to send from %s on, for that was nobody’s delay', async (_, changes) => {
  const { lines } = await told(queued(changes), pending(changes));
  expect(lines[0]).toMatchObject({ event: 'sent', secondsToSend: 2 });
});

it('tells of a reminder with its own try', async () => {
  const sends = [aSend(), aSend({ number: 1, cause: 'reminder', attemptId: 'attempt-1' })];
  expect(await told(pending(), pending({ sends }))).toEqual({
    lines: [{ level: 'information', event: 'reminded', ...OF, attemptId: 'attempt-1' }],
    figures: [['invitations.reminded', 1]],
  });
});

it('gives no time to send for a first mail that goes out once more after a reset', async () => {
  const sends = [aSend(), aSend({ number: 1, attemptId: 'attempt-1' })];
  const { lines } = await told(queued({ sends: [aSend()] }), pending({ sends }));
  expect(lines).toEqual([{ level: 'information', event: 'sent', ...OF, attemptId: 'attempt-1' }]);
});

const accepted = (changes: Partial<Invitation> = {}) =>
  pending({ status: 'accepted', firstSentAt: SENT_AT, acceptedAt: '2026-03-02T10:00:05.000Z', ...changes });

it.each([
  ['when it was noticed', {}, 3600],
  ['when Graph says it was', { externalUserStateChangeDateTime: '2026-03-02T09:10:05Z' }, 600],
  ['when it was noticed, where Graph’s time is of an earlier redemption', at('2026-01-01T00:00:00Z'), 3600],
])('times a redemption by %s', async (_, graph, secondsToRedeem) => {
  const { lines, figures: counted } = await told(pending(), accepted({ graph }));
  expect(lines).toEqual([{ level: 'information', event: 'accepted', ...OF, secondsToRedeem }]);
  expect(counted).toEqual([
    ['invitations.accepted', 1],
    ['invitations.time_to_redeem', secondsToRedeem],
    ['invitations.open', -1],
  ]);
});

function at(externalUserStateChangeDateTime: string) {
  return { externalUserStateChangeDateTime };
}

it.each([
  ['failed', 'invitations.failed'],
  ['needsReview', 'invitations.needs_review'],
] as const)('warns of %s with its code and the try that ended so', async (status, metric) => {
  const startedAt = SENT_AT;
  const intent = { purpose: 'send', attemptId: 'attempt-0', number: 0, cause: 'first', startedAt } as const;
  const before = queued({ intent: { ...intent, leaseEndsAt: startedAt } });
  const fault = { code: 'sendUnclear', message: 'Ask ada@fabrikam.example.' };
  const { lines, figures: counted } = await told(before, queued({ status, fault }));
  expect(lines).toEqual([{ level: 'warning', event: status, ...OF, attemptId: 'attempt-0', errorCode: 'sendUnclear' }]);
  expect(counted).toEqual([
    [metric, 1],
    ['invitations.open', -1],
  ]);
});

it('counts one that goes on after all as open again', async () => {
  expect(await told(queued({ status: 'failed' }), queued())).toEqual({
    lines: [],
    figures: [['invitations.open', 1]],
  });
});

it('says nothing of a change that means nothing to anybody', async () => {
  expect(await told(queued(), queued({ waits: 1 }))).toEqual({ lines: [], figures: [] });
});

it('says that the source is unknown where the request came before there was telemetry', async () => {
  const { lines } = await told(undefined, aQueuedInvitation());
  expect(lines[0]).toMatchObject({ source: 'unknown' });
});
