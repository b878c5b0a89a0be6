import type { Change } from '../../../shared/domain/history';
import { derivedId, partitionOfId } from '../../../shared/domain/ids';
import type { Invitation } from '../../../shared/domain/invitation';
import { makeInvitations } from '../../../shared/tables/invitations';
import { TablesUnavailableError } from '../../../shared/tables/tablesError';
import { bodyOf, connectionBroke, isTransaction, once, useTables } from '../../support/azurite';
import { aPolicy } from '../../support/invitations';
import { ofKind, rowKeysOf, somebody } from './people';

const azurite = useTables();

/** First changes for as many persons, all of one partition. */
function severalOfAPartition(count: number): { partition: string; made: Change[] } {
  const { partition, invite } = somebody();
  const made = Array.from({ length: count }, (_, nth) => {
    const change = invite(nth);
    const person = change.invitation.person.slice(0, -2) + String(nth).padStart(2, '0');
    return { ...change, invitation: { ...change.invitation, person } };
  });
  return { partition, made };
}

/** Another invitation of the same person. */
const onceMore = ({ invitation, history }: Change, changes: Partial<Invitation> = {}): Change => ({
  invitation: { ...invitation, id: derivedId(invitation.id, 1, partitionOfId(invitation.id)), ...changes },
  history,
});

/** Creates all at once; tells how many transactions that took as well. */
async function createAtOnce(made: Change[], mostToday?: number) {
  const invitations = makeInvitations(azurite.tables(), aPolicy());
  let transactions = 0;
  const { carry } = azurite.network();
  azurite.network().carry = (request, send) => {
    if (isTransaction(request)) transactions += 1;
    return carry(request, send);
  };
  const results = await Promise.allSettled(made.map((each) => invitations.create(each, undefined, mostToday)));
  return { transactions, results: results.map((each) => (each.status === 'fulfilled' ? each.value : each)) };
}

const typesOf = (results: object[]): unknown[] => results.map((each) => ('type' in each ? each.type : each));

it('writes those that come while another of the partition is being written in one transaction, each whole', async () => {
  const { made, partition } = severalOfAPartition(10);
  const { results, transactions } = await createAtOnce(made);
  expect(transactions).toBe(2);
  const invitations = makeInvitations(azurite.tables(), aPolicy());
  for (const [nth, { invitation }] of made.entries()) {
    const stored = await invitations.read(invitation.id);
    expect(stored?.invitation.person).toBe(invitation.person);
    expect(results[nth]).toEqual({ type: 'created', stored });
  }
  const rowKeys = await rowKeysOf(azurite.tables(), partition);
  expect(['i', 'h', 'w', 'p', 'a', 's'].map((kind) => ofKind(rowKeys, kind).length)).toEqual([10, 10, 10, 10, 10, 10]);
});

it('hands on ETags with which each can be changed at once', async () => {
  const { made } = severalOfAPartition(3);
  const { results } = await createAtOnce(made);
  const invitations = makeInvitations(azurite.tables(), aPolicy());
  for (const result of results) {
    if (!('type' in result) || result.type !== 'created') throw new Error(JSON.stringify(result));
    const applied: number[] = [];
    const change = await invitations.change(
      result.stored.invitation.id,
      (invitation) => {
        applied.push(1);
        return { invitation: { ...invitation, waits: 1 }, history: [] };
      },
      { from: result.stored },
    );
    expect([change.type, applied]).toEqual(['changed', [1]]);
  }
});

it('answers for one that is open already, and writes the others', async () => {
  const { made } = severalOfAPartition(4);
  await createAtOnce([made[2]!]);
  const { results } = await createAtOnce(made.map((each) => onceMore(each)));
  expect(typesOf(results)).toEqual(['created', 'created', 'claimed', 'created']);
});

it('counts each for their own quota', async () => {
  const { made } = severalOfAPartition(4);
  await createAtOnce([made[1]!], 1);
  const { results } = await createAtOnce(
    made.map((each) => onceMore(each, { holdsClaim: false })),
    1,
  );
  expect(typesOf(results)).toEqual(['created', 'recipientQuota', 'created', 'created']);
});

it.each(['ECONNRESET', 'EPIPE'] as const)('finds all of them after the answer was lost by %s', async (code) => {
  const { made, partition } = severalOfAPartition(5);
  azurite.network().carry = once(
    (request) => isTransaction(request) && bodyOf(request).includes(made[3]!.invitation.id),
    async (_request, send) => {
      await send();
      throw connectionBroke(code);
    },
  );
  const { results } = await createAtOnce(made);
  expect(typesOf(results)).toEqual(Array(5).fill('created'));
  expect(ofKind(await rowKeysOf(azurite.tables(), partition), 'i')).toHaveLength(5);
});

it('tells each of them that the tables are away', async () => {
  const { made, partition } = severalOfAPartition(3);
  azurite.network().carry = (request, send) =>
    isTransaction(request) ? Promise.reject(connectionBroke('EPIPE')) : send();
  const { results } = await createAtOnce(made);
  for (const result of results) {
    expect(result).toMatchObject({ status: 'rejected', reason: expect.any(TablesUnavailableError) as Error });
  }
  expect(await rowKeysOf(azurite.tables(), partition)).toEqual([]);
});
