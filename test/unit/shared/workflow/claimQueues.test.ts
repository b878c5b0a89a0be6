import { type Placed, type ShortResult, claimQueues, headsOf, settle } from '../../../../shared/workflow/claimQueues';
import { type Entry, type EntryResult, changeOf } from '../../../../shared/workflow/storeInvitation';
import { askedFor } from '../../../support/requests';

const NOW = '2026-03-02T09:00:00.000Z';

const entry = (name: string, more: object = {}): Entry => {
  const { onDuplicate, ...asked } = askedFor({ invitedUserEmailAddress: `${name}@fabrikam.com`, ...GUEST, ...more });
  return { asked, onDuplicate, id: `id-${name}`, person: name, caller: 'hr', seesOnlyOwn: false };
};
const GUEST = { inviteRedirectUrl: 'https://myapp.contoso.com' };

const made = (of: Entry): EntryResult => {
  const { invitation } = changeOf(of, NOW, NOW);
  return { type: 'accepted', status: 202, stored: { invitation, etag: 'e', changeId: 'c' }, warnings: [] };
};

const namesOf = (placed: Placed[]) => placed.map(({ entry: { person }, place }) => `${person} ${place}`);

/** Settles every head there is as new; gives what is known then. */
function settleHeads(queues: Placed[][], results: (ShortResult | undefined)[]): (string | undefined)[] {
  for (const head of headsOf(queues)) settle(head, made(head.entry), results);
  return results.map((result) => (result?.type === 'accepted' ? `${result.status} ${result.id}` : result?.type));
}

describe('lines for a claim', () => {
  it('begin with the first of each person and thing, in the order of the request', () => {
    const queues = claimQueues([entry('ann'), entry('bob'), entry('ann'), entry('cem')]);
    expect(namesOf(headsOf(queues))).toEqual(['ann 0', 'bob 1', 'cem 3']);
  });

  it('are one for each of those that take no claim', () => {
    const queues = claimQueues([entry('ann', { onDuplicate: 'allow' }), entry('ann', { onDuplicate: 'allow' })]);
    expect(namesOf(headsOf(queues))).toEqual(['ann 0', 'ann 1']);
  });

  it('give all behind a head its invitation, and nothing is left in them', () => {
    const queues = claimQueues([entry('ann'), entry('ann'), entry('bob'), entry('ann', { onDuplicate: 'reject' })]);
    expect(settleHeads(queues, [])).toEqual(['202 id-ann', '200 id-ann', '202 id-bob', 'duplicate']);
    expect(headsOf(queues)).toEqual([]);
  });

  it('stop at one that replaces another, which is the next head', () => {
    const replaces = '019cadc6-9a80-7abc-8def-01234567890b';
    const queues = claimQueues([entry('ann'), entry('ann'), entry('ann', { replaces }), entry('ann')]);
    const results: ShortResult[] = [];
    expect(settleHeads(queues, results)).toEqual(['202 id-ann', '200 id-ann']);
    expect(namesOf(headsOf(queues))).toEqual(['ann 2']);
  });

  it('keep those behind a head that was refused: they are tried by themselves', () => {
    const queues = claimQueues([entry('ann'), entry('ann')]);
    const [head] = headsOf(queues);
    const results: ShortResult[] = [];
    settle(head!, { type: 'overQuota', of: 'caller', most: 1, until: NOW }, results);
    expect([results.length, namesOf(headsOf(queues))]).toEqual([1, ['ann 1']]);
  });

  it('keep nothing of an invitation but its id, its caller and the warnings', () => {
    const queues = claimQueues([entry('ann')]);
    const results: ShortResult[] = [];
    settleHeads(queues, results);
    expect(results).toEqual([{ type: 'accepted', status: 202, id: 'id-ann', caller: 'hr', warnings: [] }]);
  });
});
