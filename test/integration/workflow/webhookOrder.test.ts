import { makeSandbox } from '../../../shared/webhooks/sandbox';
import { phaseOf } from '../../../shared/domain/invitation';
import type { WebhookHint } from '../../../shared/queue/webhookHints';
import { bodyOf, isTransaction, useTables } from '../../support/azurite';
import { waitFor } from '../../support/waitFor';
import { webhookApp } from '../../support/webhookApp';

/* Events are worked on in whatever order, and side by side: what a source said last about a person holds. */

const azurite = useTables();
const sandbox = makeSandbox();
afterAll(() => sandbox.close());

const mapping = [
  '(',
  "  $request := { 'invitedUserEmailAddress': email, 'externalId': who };",
  "  kind = 'leave' ? { 'action': 'revoke', 'externalId': who }",
  "  : kind = 'leaveByEmail' ? { 'action': 'revoke', 'email': email }",
  "  : kind = 'move' ? { 'action': 'replace', 'externalId': who, 'request': $request }",
  '  : $request',
  ')',
];
const sources = { hr: { mapping } };
let aheadMs = 0;
const app = () => webhookApp(azurite.tables(), { sources, sandbox, aheadMs: () => aheadMs });

interface Said {
  kind: string;
  email?: string;
}

let people = 0;

/** A person of whom a source says things, one second after the other. */
function somebody() {
  people += 1;
  const who = `p${people}`;
  const { receive, handleWebhookEvent, hints, sourceLinks, invitations, webhookEvents } = app();
  let events = 0;

  const say = async ({ kind, email = `${who}@fabrikam.example` }: Said): Promise<WebhookHint> => {
    events += 1;
    aheadMs += 1000;
    await receive('hr', { id: `${who}-${events}`, kind, who, email });
    return hints.at(-1)!;
  };
  const outcomeOf = async ({ source, key }: WebhookHint) => (await webhookEvents.read(source, key))?.event.outcome;
  const work = async (hint: WebhookHint) => {
    await handleWebhookEvent(hint);
    return outcomeOf(hint);
  };
  /** The addresses that are still invited. */
  const standing = async (): Promise<string[]> => {
    const links = await sourceLinks.linked({ source: 'hr', externalId: who });
    const stored = await Promise.all(links.map(({ id }) => invitations.read(id)));
    const all = stored.flatMap((each) => (each ? [each.invitation] : []));
    const replaced = all.flatMap(({ request }) => request.replaces ?? []);
    return all
      .filter(({ id, status }) => phaseOf(status) === 'open' && !replaced.includes(id))
      .map(({ request }) => (request.kind === 'guest' ? request.invitedUserEmailAddress : ''));
  };
  /** How many invitations were ever stored. */
  const stored = async (): Promise<number> => {
    const links = await sourceLinks.linked({ source: 'hr', externalId: who });
    return (await Promise.all(links.map(({ id }) => invitations.read(id)))).filter(Boolean).length;
  };
  return { who, say, work, standing, stored };
}

/** Holds each transaction of table Invitations until a test lets it through, or all of them. */
function holdStores() {
  const held: (() => void)[] = [];
  let isOpen = false;
  azurite.network().carry = async (request, send) => {
    const isStore = isTransaction(request) && bodyOf(request).includes('/Invitations');
    if (isStore && !isOpen) await new Promise<void>((resolve) => held.push(resolve));
    return send();
  };
  return {
    until: (count: number) => waitFor(() => held.length >= count, { describe: `${count} transactions` }),
    release: (nth: number) => held[nth - 1]?.(),
    count: () => held.length,
    open: () => {
      isOpen = true;
      for (const release of held) release();
    },
  };
}

/** Lets the first transaction of each through in that order, and all that follow them at the end. */
async function inOrder(order: number[], works: Promise<unknown>[], stores: ReturnType<typeof holdStores>) {
  const through = works.map(() => false);
  for (const [index, work] of works.entries()) void work.then(() => (through[index] = true));
  for (const nth of order) {
    const before = stores.count();
    stores.release(nth);
    await waitFor(() => through[nth - 1] === true || stores.count() > before, { describe: `work ${nth}` });
  }
  stores.open();
  await Promise.all(works);
}

const OVERTAKEN = '1 overtaken by a later event';

describe('an event that is late', () => {
  it('invites nobody who has left since', async () => {
    const { say, work, stored } = somebody();
    const [hire, leave] = [await say({ kind: 'hire' }), await say({ kind: 'leave' })];
    expect(await work(leave)).toBe('1 without an open invitation');
    expect(await work(hire)).toBe(OVERTAKEN);
    expect(await stored()).toBe(0);
  });

  it('invites nobody who has left since, by address', async () => {
    const { say, work, standing } = somebody();
    const [hire, leave] = [await say({ kind: 'hire' }), await say({ kind: 'leaveByEmail' })];
    await work(leave);
    expect(await work(hire)).toBe(OVERTAKEN);
    expect(await standing()).toEqual([]);
  });

  it('invites nobody under an address that was changed since', async () => {
    const { say, work, standing } = somebody();
    const [hire, move] = [await say({ kind: 'hire' }), await say({ kind: 'move', email: 'new1@fabrikam.example' })];
    expect(await work(move)).toBe('1 invited');
    expect(await work(hire)).toBe(OVERTAKEN);
    expect(await standing()).toEqual(['new1@fabrikam.example']);
  });

  it('changes no address that was changed since', async () => {
    const { say, work, standing } = somebody();
    await work(await say({ kind: 'hire' }));
    const first = await say({ kind: 'move', email: 'old2@fabrikam.example' });
    const second = await say({ kind: 'move', email: 'new2@fabrikam.example' });
    expect(await work(second)).toBe('1 replaced');
    expect(await work(first)).toBe(OVERTAKEN);
    expect(await standing()).toEqual(['new2@fabrikam.example']);
  });

  it('revokes nobody who was hired again since', async () => {
    const { who, say, work, standing } = somebody();
    await work(await say({ kind: 'hire' }));
    const leave = await say({ kind: 'leave' });
    // The first invitation stands, so the second hire finds it and takes it over.
    expect(await work(await say({ kind: 'hire' }))).toBe('1 invited already');
    expect(await work(leave)).toBe('1 without an open invitation');
    expect(await standing()).toEqual([`${who}@fabrikam.example`]);
  });
});

describe('events in their order', () => {
  it('revoke who leaves, and invite who comes back', async () => {
    const { who, say, work, standing } = somebody();
    await work(await say({ kind: 'hire' }));
    expect(await work(await say({ kind: 'leave' }))).toBe('1 revoked');
    expect(await standing()).toEqual([]);
    expect(await work(await say({ kind: 'hire' }))).toBe('1 invited');
    expect(await standing()).toEqual([`${who}@fabrikam.example`]);
  });
});

describe('events side by side', () => {
  it('a hire that is about to be stored while its leaver is worked on is revoked', async () => {
    const { say, work, standing } = somebody();
    const [hire, leave] = [await say({ kind: 'hire' }), await say({ kind: 'leave' })];
    const stores = holdStores();
    const hiring = work(hire);
    await stores.until(1);
    expect(await work(leave)).toBe('1 without an open invitation');
    stores.open();
    expect(await hiring).toBe(OVERTAKEN);
    expect(await standing()).toEqual([]);
  });

  it.each([
    ['before', [2, 1]],
    ['after', [1, 2]],
  ])('a change of address that is stored %s its hire leaves the new address alone', async (when, order) => {
    const { say, work, standing } = somebody();
    const email = `${when}@fabrikam.example`;
    const [hire, move] = [await say({ kind: 'hire' }), await say({ kind: 'move', email })];
    const stores = holdStores();
    const hiring = work(hire);
    await stores.until(1);
    const moving = work(move);
    await stores.until(2);
    await inOrder(order, [hiring, moving], stores);
    expect(await standing()).toEqual([email]);
  });

  it.each([[[2, 1]], [[1, 2]]])(
    'an update that says the same as its hire leaves one invitation (%j)',
    async (order) => {
      const { who, say, work, standing } = somebody();
      const [hire, update] = [await say({ kind: 'hire' }), await say({ kind: 'move' })];
      const stores = holdStores();
      const hiring = work(hire);
      await stores.until(1);
      const updating = work(update);
      await stores.until(2);
      for (const nth of order) {
        stores.release(nth);
        await (nth === 1 ? hiring : updating);
      }
      expect(await standing()).toEqual([`${who}@fabrikam.example`]);
    },
  );

  it('an update that is answered with its hire’s invitation keeps it', async () => {
    const { who, say, work, standing, stored } = somebody();
    const [hire, update] = [await say({ kind: 'hire' }), await say({ kind: 'move' })];
    const stores = holdStores();
    let isHired = false;
    const hiring = work(hire).finally(() => (isHired = true));
    await stores.until(1);
    const updating = work(update);
    await stores.until(2);
    stores.release(1);
    // Were the hire about to take its invitation back, that would be held as the third.
    await waitFor(() => isHired || stores.count() > 2, { describe: 'the hire to be through' });
    stores.release(2);
    expect(await updating).toBe('1 invited already');
    stores.open();
    expect(await hiring).toBe('1 invited');
    expect([await standing(), await stored()]).toEqual([[`${who}@fabrikam.example`], 1]);
  });

  it('the same event by two workers is done once', async () => {
    const { who, say, work, standing } = somebody();
    const hire = await say({ kind: 'hire' });
    await Promise.all([work(hire), work(hire)]);
    expect(await standing()).toEqual([`${who}@fabrikam.example`]);
  });
});
