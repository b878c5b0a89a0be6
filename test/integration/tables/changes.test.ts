import { complementOf } from '../../../shared/domain/ids';
import { entry } from '../../../shared/domain/history';
import type { Invitation } from '../../../shared/domain/invitation';
import { makeInvitations } from '../../../shared/tables/invitations';
import { bodyOf, isTransaction, useTables } from '../../support/azurite';
import { REQUESTED_AT, aFirstSend, aPolicy, omit } from '../../support/invitations';
import { ofKind, rowKeysOf, silently, somebody } from './people';

const azurite = useTables();
const invitations = () => makeInvitations(azurite.tables(), aPolicy());
const rowKeys = (partition: string) => rowKeysOf(azurite.tables(), partition);

const close = (invitation: Invitation, status: 'accepted' | 'revoked' = 'revoked'): Invitation => ({
  ...invitation,
  status,
  holdsClaim: false,
  closedAt: REQUESTED_AT,
});

const DUE = '2026-03-02T09:00:00.000Z';

it('writes a new invitation with history, wake-up, claim and indexes', async () => {
  const { invite, id, person, partition } = somebody();
  const result = await invitations().create(invite());
  expect(result).toMatchObject({ type: 'created', newWakeUp: { at: DUE, lane: 0 } });
  expect(await rowKeys(partition)).toEqual(
    [
      `a-${person}-${complementOf(id())}`,
      `h-${id()}-000001`,
      `i-${complementOf(id())}`,
      `p-${person}-guest`,
      `s-queued-${complementOf(id())}`,
      `w-0-${DUE}-${id()}`,
    ].sort(),
  );
});

it('reads back what it wrote, with the ETag that the next change needs', async () => {
  const { invite, id } = somebody();
  const created = await invitations().create(invite());
  if (created.type !== 'created') throw new Error(created.type);
  expect(await invitations().read(id())).toEqual(created.stored);
  expect(created.stored.wakeUp).toBe(`w-0-${DUE}-${id()}`);
  const changed = await invitations().change(id(), (invitation) => silently({ ...invitation, waits: 7 }), {
    from: created.stored,
  });
  expect(changed).toMatchObject({ type: 'changed', stored: { invitation: { waits: 7 } } });
});

it('writes nothing at all when one entity of the transaction is refused', async () => {
  const { invite, partition } = somebody();
  await invitations().create(invite(0));
  const before = await rowKeys(partition);
  expect(await invitations().create(invite(1))).toMatchObject({ type: 'claimed' });
  expect(await rowKeys(partition)).toEqual(before);
});

it('keeps exactly one wake-up, and moves it when something else comes first', async () => {
  const { invite, id, partition } = somebody();
  await invitations().create(invite());
  const later = '2026-03-02T10:30:00.000Z';
  const result = await invitations().change(id(), (invitation) => silently({ ...invitation, nextAttemptAt: later }));
  expect(result).toMatchObject({ type: 'changed', newWakeUp: { at: later, lane: 0 } });
  expect(ofKind(await rowKeys(partition), 'w')).toEqual([`w-0-${later}-${id()}`]);
});

it('leaves a wake-up that does not move out of the transaction', async () => {
  const { invite, id, partition } = somebody();
  await invitations().create(invite());
  const operations: (string[] | null)[] = [];
  azurite.network().carry = (request, send) => {
    if (isTransaction(request)) operations.push(bodyOf(request).match(/^(?:PUT|POST|PATCH|MERGE|DELETE) /gm));
    return send();
  };
  const result = await invitations().change(id(), (invitation) => silently({ ...invitation, waits: 1 }));
  expect(result).not.toHaveProperty('newWakeUp');
  // The invitation and nothing else.
  expect(operations).toEqual([['PUT ']]);
  expect(ofKind(await rowKeys(partition), 'w')).toEqual([`w-0-${DUE}-${id()}`]);
});

it('deletes the wake-up and the claim of an invitation that closes', async () => {
  const { invite, id, partition } = somebody();
  await invitations().create(invite());
  const result = await invitations().change(id(), (invitation) => silently(close(invitation)));
  expect(result).toMatchObject({ type: 'changed' });
  expect(result).not.toHaveProperty('newWakeUp');
  const left = await rowKeys(partition);
  expect(ofKind(left, 'w')).toEqual([]);
  expect(ofKind(left, 'p')).toEqual([]);
});

it('lets the same person be invited again once the first invitation is closed', async () => {
  const { invite, id } = somebody();
  await invitations().create(invite(0));
  await invitations().change(id(0), (invitation) => silently(close(invitation)));
  expect(await invitations().create(invite(1))).toMatchObject({ type: 'created' });
});

it('answers a second request for the same person with the invitation that holds the claim', async () => {
  const { invite, id } = somebody();
  await invitations().create(invite(0));
  expect(await invitations().create(invite(1))).toMatchObject({ type: 'claimed', by: { invitation: { id: id(0) } } });
});

it('keeps the claim of an invitation that waits for a person', async () => {
  const { invite, id } = somebody();
  await invitations().create(invite(0));
  await invitations().change(id(0), (invitation) => silently({ ...invitation, status: 'needsReview' }));
  expect(await invitations().create(invite(1))).toMatchObject({ type: 'claimed', by: { invitation: { id: id(0) } } });
});

it('leaves the claim alone when an invitation that never took it closes', async () => {
  const { invite, id, person, partition } = somebody();
  await invitations().create(invite(0));
  expect(await invitations().create(invite(1, { takesClaim: false }))).toMatchObject({ type: 'created' });
  await invitations().change(id(1), (invitation) => silently(close(invitation)));
  expect(ofKind(await rowKeys(partition), 'p')).toEqual([`p-${person}-guest`]);
});

it('gives the invitation that is there when its id is created again', async () => {
  const { invite, id } = somebody();
  const first = await invitations().create(invite());
  if (first.type !== 'created') throw new Error(first.type);
  expect(await invitations().create(invite())).toEqual({ type: 'exists', stored: first.stored });
  expect(await invitations().history(id())).toHaveLength(1);
});

it('takes the person lock with an intent and gives it back with the outcome', async () => {
  const { invite, id, person, partition } = somebody();
  await invitations().create(invite());
  await invitations().change(id(), (invitation) => silently({ ...invitation, intent: aFirstSend() }));
  expect(await azurite.tables().invitations.getEntity(partition, `l-${person}`)).toMatchObject({
    id: id(),
    attemptId: 'attempt-0',
    leaseEndsAt: '2026-03-02T09:02:04.500Z',
  });
  // Lease end and RESOLVE_AFTER (ten minutes).
  expect(ofKind(await rowKeys(partition), 'w')).toEqual([`w-0-2026-03-02T09:12:04.500Z-${id()}`]);
  await invitations().change(id(), (invitation) => silently(omit(invitation, 'intent')));
  expect(ofKind(await rowKeys(partition), 'l')).toEqual([]);
});

it('says that the person is busy while another of their invitations is under an intent', async () => {
  const { invite, id, partition } = somebody();
  await invitations().create(invite(0));
  await invitations().create(invite(1, { takesClaim: false }));
  const begin = (invitation: Invitation) => silently({ ...invitation, intent: aFirstSend() });
  await invitations().change(id(0), begin);
  const before = await rowKeys(partition);
  expect(await invitations().change(id(1), begin)).toEqual({ type: 'personBusy', until: '2026-03-02T09:02:04.500Z' });
  expect(await rowKeys(partition)).toEqual(before);
});

it('follows the status with its index and leaves the index by person as it was', async () => {
  const { invite, id, person, partition } = somebody();
  await invitations().create(invite());
  await invitations().change(id(), (invitation) => silently(close(invitation, 'accepted')));
  const left = await rowKeys(partition);
  expect(ofKind(left, 's')).toEqual([`s-accepted-${complementOf(id())}`]);
  expect(ofKind(left, 'a')).toEqual([`a-${person}-${complementOf(id())}`]);
});

it('lists the invitations of a person, newest first', async () => {
  const { invite, id, person } = somebody();
  await invitations().create(invite(0));
  await invitations().create(invite(1, { takesClaim: false }));
  await invitations().create(invite(2, { takesClaim: false }));
  expect(await invitations().idsOfPerson({ id: id(0), person })).toEqual([id(2), id(1), id(0)]);
});

it('numbers history and counts repeats instead of adding them', async () => {
  const { invite, id, partition } = somebody();
  await invitations().create(invite());
  for (const minute of ['01', '02', '03']) {
    const at = `2026-03-02T09:${minute}:00.000Z`;
    await invitations().change(id(), (invitation) => ({
      invitation,
      history: [entry(at, 'postponed', 'workflow', 'TooManyRequests')],
    }));
  }
  await invitations().change(id(), (invitation) => ({
    invitation,
    history: [entry('2026-03-02T09:04:00.000Z', 'enqueued', 'workflow')],
  }));
  expect(await invitations().history(id())).toEqual([
    { at: REQUESTED_AT, what: 'requested', by: 'hr' },
    {
      at: '2026-03-02T09:01:00.000Z',
      what: 'postponed',
      by: 'workflow',
      detail: 'TooManyRequests',
      times: 3,
      lastAt: '2026-03-02T09:03:00.000Z',
    },
    { at: '2026-03-02T09:04:00.000Z', what: 'enqueued', by: 'workflow' },
  ]);
  expect(ofKind(await rowKeys(partition), 'h')).toEqual([`h-${id()}-000001`, `h-${id()}-000002`, `h-${id()}-000003`]);
});

it('keeps the history of two invitations of one person apart', async () => {
  const { invite, id } = somebody();
  await invitations().create(invite(0));
  await invitations().create(invite(1, { takesClaim: false }));
  expect(await invitations().history(id(0))).toHaveLength(1);
});

it('says that there is no such invitation', async () => {
  const { id } = somebody();
  expect(await invitations().read(id())).toBeUndefined();
  expect(await invitations().change(id(), silently)).toEqual({ type: 'notFound' });
});

it('writes nothing when there is nothing to change any more', async () => {
  const { invite, id } = somebody();
  const created = await invitations().create(invite());
  if (created.type !== 'created') throw new Error(created.type);
  expect(await invitations().change(id(), () => undefined)).toEqual({ type: 'unchanged', stored: created.stored });
  expect((await invitations().read(id()))?.etag).toBe(created.stored.etag);
});

it('carries out an action with an idempotency key once', async () => {
  const { invite, id } = somebody();
  await invitations().create(invite());
  const action = { hash: 'hash-1', fingerprint: 'resend' };
  const addWait = (invitation: Invitation) => silently({ ...invitation, waits: invitation.waits + 1 });
  expect(await invitations().change(id(), addWait, { action })).toMatchObject({ type: 'changed' });
  expect(await invitations().change(id(), addWait, { action })).toMatchObject({
    type: 'repeated',
    fingerprint: 'resend',
    stored: { invitation: { waits: 1 } },
  });
  expect(await invitations().change(id(), addWait, { action: { ...action, hash: 'hash-2' } })).toMatchObject({
    type: 'changed',
    stored: { invitation: { waits: 2 } },
  });
});

it('carries out an action once that two callers send at the same time under one key', async () => {
  const { invite, id } = somebody();
  await invitations().create(invite());
  const action = { hash: 'hash-1', fingerprint: 'resend' };
  const addWait = (invitation: Invitation) => silently({ ...invitation, waits: invitation.waits + 1 });
  const results = await Promise.all([1, 2, 3].map(() => invitations().change(id(), addWait, { action })));
  expect(results.map(({ type }) => type).sort()).toEqual(['changed', 'repeated', 'repeated']);
  expect((await invitations().read(id()))?.invitation.waits).toBe(1);
});
