import type { Invitation } from '../../../shared/domain/invitation';
import { makeInvitations } from '../../../shared/tables/invitations';
import { TablesUnavailableError } from '../../../shared/tables/tablesError';
import { connectionBroke, isTransaction, once, useTables } from '../../support/azurite';
import { aFirstSend, aPolicy } from '../../support/invitations';
import { ofKind, rowKeysOf, silently, somebody } from './people';

const azurite = useTables();
const invitations = () => makeInvitations(azurite.tables(), aPolicy());
/** Through a network of its own, which is never disturbed. */
const undisturbed = async () => makeInvitations((await azurite.connect()).tables, aPolicy());

const addWait = (invitation: Invitation) => silently({ ...invitation, waits: invitation.waits + 1 });

describe('when somebody else was faster', () => {
  it('applies the change again to the invitation as it is now', async () => {
    const { invite, id } = somebody();
    await invitations().create(invite());
    const other = await undisturbed();
    azurite.network().carry = once(isTransaction, async (_request, send) => {
      await other.change(id(), (invitation) => silently({ ...invitation, waits: 10 }));
      return send();
    });
    const seen: number[] = [];
    const result = await invitations().change(id(), (invitation) => {
      seen.push(invitation.waits);
      return addWait(invitation);
    });
    expect(seen).toEqual([0, 10]);
    expect(result).toMatchObject({ type: 'changed', stored: { invitation: { waits: 11 } } });
  });

  it('says so when the change means nothing any more', async () => {
    const { invite, id } = somebody();
    await invitations().create(invite());
    const other = await undisturbed();
    azurite.network().carry = once(isTransaction, async (_request, send) => {
      await other.change(id(), (invitation) => silently({ ...invitation, status: 'revoked', holdsClaim: false }));
      return send();
    });
    const result = await invitations().change(id(), (invitation) =>
      invitation.status === 'queued' ? addWait(invitation) : undefined,
    );
    expect(result).toMatchObject({ type: 'unchanged', stored: { invitation: { status: 'revoked' } } });
  });

  it('lets every one of several changes at the same time land', async () => {
    const { invite, id, partition } = somebody();
    await invitations().create(invite());
    const results = await Promise.all([1, 2, 3, 4].map(() => invitations().change(id(), addWait)));
    expect(results.map(({ type }) => type)).toEqual(['changed', 'changed', 'changed', 'changed']);
    expect((await invitations().read(id()))?.invitation.waits).toBe(4);
    expect(ofKind(await rowKeysOf(azurite.tables(), partition), 'w')).toHaveLength(1);
  });

  it('takes the lock for one of two invitations of a person that start at the same time', async () => {
    const { invite, id } = somebody();
    await invitations().create(invite(0));
    await invitations().create(invite(1, { takesClaim: false }));
    const begin = (invitation: Invitation) => silently({ ...invitation, intent: aFirstSend() });
    const results = await Promise.all([0, 1].map((nth) => invitations().change(id(nth), begin)));
    expect(results.map(({ type }) => type).sort()).toEqual(['changed', 'personBusy']);
  });

  it('gives the claim to one of several requests for a person at the same time', async () => {
    const { invite, partition } = somebody();
    const results = await Promise.all([0, 1, 2].map((nth) => invitations().create(invite(nth))));
    expect(results.map(({ type }) => type).sort()).toEqual(['claimed', 'claimed', 'created']);
    expect(ofKind(await rowKeysOf(azurite.tables(), partition), 'i')).toHaveLength(1);
  });
});

describe.each(['ECONNRESET', 'EPIPE'] as const)('when an answer is lost by %s', (code) => {
  const loseNext = () => {
    azurite.network().carry = once(isTransaction, async (_request, send) => {
      await send();
      throw connectionBroke(code);
    });
  };

  it('reads back that the change came through, and applies it once', async () => {
    const { invite, id } = somebody();
    await invitations().create(invite());
    loseNext();
    const applied: number[] = [];
    const result = await invitations().change(id(), (invitation) => {
      applied.push(invitation.waits);
      return addWait(invitation);
    });
    expect(applied).toEqual([0]);
    expect(result).toMatchObject({ type: 'changed', stored: { invitation: { waits: 1 } } });
    expect((await invitations().read(id()))?.invitation.waits).toBe(1);
  });

  it('reads back that the invitation was created', async () => {
    const { invite, id } = somebody();
    loseNext();
    expect(await invitations().create(invite())).toMatchObject({
      type: 'created',
      stored: { invitation: { id: id() } },
      newWakeUp: { lane: 0 },
    });
  });

  it('hands on an ETag with which the next change goes through at once', async () => {
    const { invite, id } = somebody();
    loseNext();
    const created = await invitations().create(invite());
    if (created.type !== 'created') throw new Error(created.type);
    const applied: number[] = [];
    await invitations().change(
      id(),
      (invitation) => {
        applied.push(invitation.waits);
        return addWait(invitation);
      },
      { from: created.stored },
    );
    expect(applied).toEqual([0]);
  });

  it('knows its own idempotency key again', async () => {
    const { invite, id } = somebody();
    await invitations().create(invite());
    loseNext();
    const action = { hash: 'hash-1', fingerprint: 'resend' };
    expect(await invitations().change(id(), addWait, { action })).toMatchObject({ type: 'changed' });
    expect((await invitations().read(id()))?.invitation.waits).toBe(1);
  });
});

describe('when a request does not get through', () => {
  it('throws, and leaves everything as it was', async () => {
    const { invite, id, partition } = somebody();
    await invitations().create(invite());
    const before = await rowKeysOf(azurite.tables(), partition);
    azurite.network().carry = (request, send) =>
      isTransaction(request) ? Promise.reject(connectionBroke('ECONNRESET')) : send();
    await expect(invitations().change(id(), addWait)).rejects.toThrow(TablesUnavailableError);
    azurite.network().carry = (_request, send) => send();
    expect(await rowKeysOf(azurite.tables(), partition)).toEqual(before);
    expect((await invitations().read(id()))?.invitation.waits).toBe(0);
  });
});

describe('when an entity that goes with the invitation is gone', () => {
  it.each(['w', 'p'])('changes it all the same without %s', async (kind) => {
    const { invite, id, partition } = somebody();
    await invitations().create(invite());
    const [rowKey = ''] = ofKind(await rowKeysOf(azurite.tables(), partition), kind);
    await azurite.tables().invitations.deleteEntity(partition, rowKey);
    const result = await invitations().change(id(), (invitation) =>
      silently({ ...invitation, status: 'revoked', holdsClaim: false }),
    );
    expect(result).toMatchObject({ type: 'changed', stored: { invitation: { status: 'revoked' } } });
    const left = await rowKeysOf(azurite.tables(), partition);
    expect([...ofKind(left, 'w'), ...ofKind(left, 'p')]).toEqual([]);
  });

  it('puts a wake-up back that somebody deleted, as soon as it moves', async () => {
    const { invite, id, partition } = somebody();
    await invitations().create(invite());
    const [rowKey = ''] = ofKind(await rowKeysOf(azurite.tables(), partition), 'w');
    await azurite.tables().invitations.deleteEntity(partition, rowKey);
    const nextAttemptAt = '2026-03-02T10:00:00.000Z';
    await invitations().change(id(), (invitation) => silently({ ...invitation, nextAttemptAt }));
    expect(ofKind(await rowKeysOf(azurite.tables(), partition), 'w')).toEqual([`w-0-${nextAttemptAt}-${id()}`]);
  });
});
