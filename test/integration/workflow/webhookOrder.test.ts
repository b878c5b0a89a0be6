import { makeSandbox } from '../../../shared/webhooks/sandbox';
import { phaseOf } from '../../../shared/domain/invitation';
import type { WebhookHint } from '../../../shared/queue/webhookHints';
import { useTables } from '../../support/azurite';
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
  return { who, say, work, standing };
}

const OVERTAKEN = '1 overtaken by a later event';

describe('an event that is late', () => {
  it('invites nobody who has left since', async () => {
    const { say, work, standing } = somebody();
    const [hire, leave] = [await say({ kind: 'hire' }), await say({ kind: 'leave' })];
    expect(await work(leave)).toBe('1 without an open invitation');
    expect(await work(hire)).toBe(OVERTAKEN);
    expect(await standing()).toEqual([]);
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
  const inAnyOrder = [0, 1, 2, 3, 4, 5, 6, 7];

  it.each(inAnyOrder)('a hire and a leaver leave nobody invited (%i)', async () => {
    const { say, work, standing } = somebody();
    const [hire, leave] = [await say({ kind: 'hire' }), await say({ kind: 'leave' })];
    await Promise.all([work(hire), work(leave)]);
    expect(await standing()).toEqual([]);
  });

  it.each(inAnyOrder)('a hire and a change of address leave the new one (%i)', async (nth) => {
    const { say, work, standing } = somebody();
    const hire = await say({ kind: 'hire' });
    const move = await say({ kind: 'move', email: `side${nth}@fabrikam.example` });
    await Promise.all([work(hire), work(move)]);
    expect(await standing()).toEqual([`side${nth}@fabrikam.example`]);
  });

  it.each(inAnyOrder)('a hire and an update that says the same leave one invitation (%i)', async () => {
    const { who, say, work, standing } = somebody();
    const [hire, update] = [await say({ kind: 'hire' }), await say({ kind: 'move' })];
    await Promise.all([work(hire), work(update)]);
    expect(await standing()).toEqual([`${who}@fabrikam.example`]);
  });

  it('the same event by two workers is done once', async () => {
    const { who, say, work, standing } = somebody();
    const hire = await say({ kind: 'hire' });
    await Promise.all([work(hire), work(hire)]);
    expect(await standing()).toEqual([`${who}@fabrikam.example`]);
  });
});
