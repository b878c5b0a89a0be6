import type { TransactionAction } from '@azure/data-tables';
import type { Invitation } from '../../../shared/domain/invitation';
import { findingsOf } from '../../../shared/tables/consistency';
import { makeInvitations } from '../../../shared/tables/invitations';
import { makeRepair } from '../../../shared/tables/repair';
import { useTables } from '../../support/azurite';
import { aFirstSend, aPolicy } from '../../support/invitations';
import { type Somebody, ofKind, rowKeysOf, somebody } from '../tables/people';

const POLICY = aPolicy();

describe('the repair of a table', () => {
  const { tables, network } = useTables();

  /** A person with one invitation, and their partition's keys. */
  async function invited(changes: Partial<Invitation> = {}, options?: { takesClaim?: boolean }) {
    const who = somebody();
    const { invitation, history } = who.invite(0, options);
    await makeInvitations(tables(), POLICY).create({ invitation: { ...invitation, ...changes }, history });
    return who;
  }
  const keyOf = async ({ partition }: Somebody, kind: string): Promise<string> => {
    const [key] = ofKind(await rowKeysOf(tables(), partition), kind);
    if (key === undefined) throw new Error(`There is no ${kind}-.`);
    return key;
  };
  const remove = ({ partition }: Somebody, rowKey: string) => tables().invitations.deleteEntity(partition, rowKey);
  const put = ({ partition }: Somebody, rowKey: string, properties: object = {}) =>
    tables().invitations.upsertEntity({ partitionKey: partition, rowKey, ...properties }, 'Replace');
  const findings = ({ partition }: Somebody) => findingsOf(tables(), partition, POLICY);
  const types = async (who: Somebody) => (await findings(who)).map(({ type }) => type);
  const repair = async (who: Somebody) => {
    const repaired = await makeRepair(tables(), POLICY)(who.partition, await findings(who));
    return repaired.map(({ type, result }) => `${type}: ${result}`);
  };

  it.each([
    ['w', 'wakeUpMissing'],
    ['p', 'claimMissing'],
    ['a', 'indexMissing'],
    ['s', 'indexMissing'],
    ['h', 'historyMissing'],
  ])('puts back what is missing of kind %s-, and finds nothing afterwards', async (kind, type) => {
    const who = await invited();
    const before = await rowKeysOf(tables(), who.partition);
    await remove(who, await keyOf(who, kind));
    expect(await types(who)).toEqual([type]);
    expect(await repair(who)).toEqual([`${type}: mended`]);
    expect(await types(who)).toEqual([]);
    expect(await rowKeysOf(tables(), who.partition)).toEqual(before);
  });

  it('gives a claim back with the invitation that holds it', async () => {
    const who = await invited();
    const key = await keyOf(who, 'p');
    await remove(who, key);
    await repair(who);
    expect(await tables().invitations.getEntity(who.partition, key)).toMatchObject({ id: who.id() });
  });

  it('takes the last entry of a history from the invitation, which keeps it', async () => {
    const who = await invited();
    await remove(who, await keyOf(who, 'h'));
    await repair(who);
    const history = await makeInvitations(tables(), POLICY).history(who.id());
    expect(history.map(({ what }) => what)).toEqual(['requested']);
  });

  it.each([
    ['a second wake-up', (who: Somebody) => put(who, `w-0-2020-01-01T00:00:00.000Z-${who.id()}`)],
    ['a lock without an intent', (who: Somebody) => put(who, `l-${who.person}`, { id: who.id(), attemptId: 'over' })],
    [
      'a place in a list of another status',
      async (who: Somebody) => put(who, (await keyOf(who, 's')).replace('queued', 'failed')),
    ],
  ])('takes away %s, and nothing else', async (_what, addTo) => {
    const who = await invited();
    const before = await rowKeysOf(tables(), who.partition);
    await addTo(who);
    expect(await repair(who)).toEqual(['stray: mended']);
    expect(await rowKeysOf(tables(), who.partition)).toEqual(before);
  });

  it.each([
    'w-0-2020-01-01T00:00:00.000Z-ID',
    'h-ID-000001',
    'e-2020-01-01T00:00:00.000Z-ID-1-11111111-2222-4333-8444-555555555555',
  ])('takes away %s of an invitation that is not there', async (pattern) => {
    const who = somebody();
    await put(who, pattern.replace('ID', who.id()));
    expect(await repair(who)).toEqual(['stray: mended']);
    expect(await rowKeysOf(tables(), who.partition)).toEqual([]);
  });

  it('takes away a claim of an invitation that is not there, so that its person can be invited', async () => {
    const who = somebody();
    await put(who, `p-${who.person}-guest`, { id: who.id() });
    expect(await repair(who)).toEqual(['stray: mended']);
    const { type } = await makeInvitations(tables(), POLICY).create(who.invite());
    expect(type).toBe('created');
  });

  it('lets one of two keep the claim that both think they hold', async () => {
    const who = await invited();
    const other = who.invite(1);
    const key = await keyOf(who, 'p');
    await remove(who, key);
    await makeInvitations(tables(), POLICY).create(other);
    expect(await types(who)).toEqual(['claimHeldByAnother']);
    expect(await repair(who)).toEqual(['claimHeldByAnother: mended']);
    expect(await types(who)).toEqual([]);
    expect(await tables().invitations.getEntity(who.partition, key)).toMatchObject({ id: who.id(1) });
  });

  it('mends several faults of one invitation in one transaction', async () => {
    const who = await invited();
    for (const kind of ['w', 'p', 'a', 's']) await remove(who, await keyOf(who, kind));
    let transactions = 0;
    network().carry = (request, send) => {
      if (request.url.endsWith('$batch')) transactions += 1;
      return send();
    };
    expect((await repair(who)).every((each) => each.endsWith('mended'))).toBe(true);
    expect(transactions).toBe(1);
    expect(await types(who)).toEqual([]);
  });

  it('touches nothing of an invitation with an intent in force, and says why', async () => {
    const who = await invited({ intent: aFirstSend() });
    await remove(who, await keyOf(who, 'w'));
    const before = await rowKeysOf(tables(), who.partition);
    const repaired = await makeRepair(tables(), POLICY)(who.partition, await findings(who));
    expect(repaired).toEqual([
      expect.objectContaining({ result: 'left', why: expect.stringContaining('right now') as string }),
    ]);
    expect(await rowKeysOf(tables(), who.partition)).toEqual(before);
  });

  it('leaves an invitation that changes while it is mended', async () => {
    const who = await invited();
    await remove(who, await keyOf(who, 'w'));
    const found = await findings(who);
    const touch: TransactionAction = [
      'update',
      { partitionKey: who.partition, rowKey: await keyOf(who, 'i') },
      'Merge',
    ];
    let isTouched = false;
    network().carry = async (request, send) => {
      if (request.url.endsWith('$batch') && !isTouched) {
        isTouched = true;
        await tables().invitations.submitTransaction([touch]);
      }
      return send();
    };
    expect(await makeRepair(tables(), POLICY)(who.partition, found)).toEqual([
      expect.objectContaining({ result: 'left', why: expect.stringContaining('run the repair again') as string }),
    ]);
  });

  it('leaves what can’t be read, with everything that belongs to it', async () => {
    const who = await invited();
    const key = await keyOf(who, 'i');
    await tables().invitations.updateEntity({ partitionKey: who.partition, rowKey: key, state: '{' }, 'Merge');
    const before = await rowKeysOf(tables(), who.partition);
    expect(await repair(who)).toEqual(['unreadable: left']);
    expect(await rowKeysOf(tables(), who.partition)).toEqual(before);
  });
});
