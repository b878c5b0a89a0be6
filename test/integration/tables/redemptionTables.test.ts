import { idsWithStatus } from '../../../shared/tables/statusIndex';
import { makeSyncState } from '../../../shared/tables/syncState';
import { useTables } from '../../support/azurite';
import { complementOf } from '../../../shared/domain/ids';

const azurite = useTables();

const OLDER = '019cadc6-9a80-7abc-8def-0123456789f0';
const NEWER = '019cadc6-9a81-7abc-8def-0123456789f0';

describe('the index by status', () => {
  const read = async (partition: string) => {
    const ids: string[] = [];
    for await (const page of idsWithStatus(azurite.tables(), partition, 'pendingAcceptance')) ids.push(...page);
    return ids;
  };

  it('gives the ids of one partition and one status, newest first', async () => {
    for (const [partition, rowKey] of [
      ['f0', `s-pendingAcceptance-${complementOf(OLDER)}`],
      ['f0', `s-pendingAcceptance-${complementOf(NEWER)}`],
      ['f0', `s-accepted-${complementOf(OLDER)}`],
      ['f0', `s-queued-${complementOf(OLDER)}`],
      ['f0', `w-1-2026-03-02T09:00:00.000Z-${OLDER}`],
      ['f1', `s-pendingAcceptance-${complementOf(OLDER)}`],
    ] as const) {
      await azurite.tables().invitations.createEntity({ partitionKey: partition, rowKey });
    }
    expect(await read('f0')).toEqual([NEWER, OLDER]);
    expect(await read('f2')).toEqual([]);
  });
});

describe('how far the changes of guests are read', () => {
  const state = () => makeSyncState(azurite.tables());

  it('is what was written last, and nothing before', async () => {
    expect(await state().read()).toBeUndefined();
    await state().write('/users/delta?$deltatoken=first');
    await state().write('/users/delta?$deltatoken=second');
    expect(await state().read()).toBe('/users/delta?$deltatoken=second');
  });

  it('takes what a property can hold, and no more', async () => {
    const longest = '/'.padEnd(32_768, 'x');
    await state().write(longest);
    expect(await state().read()).toBe(longest);
    await expect(state().write(`${longest}x`)).rejects.toThrow('Graph’s delta link has 32769 characters.');
    expect(await state().read()).toBe(longest);
  });
});
