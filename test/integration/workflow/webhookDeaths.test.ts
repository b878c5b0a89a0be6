import { makeSandbox } from '../../../shared/webhooks/sandbox';
import { phaseOf } from '../../../shared/domain/invitation';
import { type Carry, connectionBroke, useTables } from '../../support/azurite';
import { webhookApp } from '../../support/webhookApp';

/*
 * A process dies at each call of a table, before it and after it, while an event is received and while it is worked on.
 * Whoever comes next finds all that is needed, and everything happened once.
 */

const azurite = useTables();
const sandbox = makeSandbox();
afterAll(() => sandbox.close());

const MAPPING = [
  '(',
  "  $request := { 'invitedUserEmailAddress': email, 'externalId': who };",
  "  kind = 'leave' ? { 'action': 'revoke', 'externalId': who }",
  "  : kind = 'move' ? { 'action': 'replace', 'externalId': who, 'request': $request }",
  '  : $request',
  ')',
];

let aheadMs = 0;
const app = () =>
  webhookApp(azurite.tables(), { sources: { hr: { mapping: MAPPING } }, sandbox, aheadMs: () => aheadMs });

type Side = 'before' | 'after';

/** The nth call and all behind it fail, as the calls of a dead process do; with `after` the nth does its work. */
function dyingAt(nth: number, side: Side): { carry: Carry; calls: () => number } {
  let calls = 0;
  const carry: Carry = async (_request, send) => {
    calls += 1;
    if (calls < nth) return send();
    if (calls === nth && side === 'after') await send();
    throw connectionBroke('EPIPE');
  };
  return { carry, calls: () => calls };
}

/** Lets work die at its nth call; false when it has none. */
async function diesAt(nth: number, side: Side, work: () => Promise<unknown>): Promise<boolean> {
  const network = dyingAt(nth, side);
  azurite.network().carry = network.carry;
  await work().catch(() => undefined);
  azurite.network().carry = (_request, send) => send();
  return network.calls() >= nth;
}

const received = { type: 'received', accepted: 1, ignored: 0 };

type App = ReturnType<typeof app>;

/** What a later process does: the sender repeats, the timer brings back what is due, until nothing is. */
async function goOn({ handleWebhookEvent, wakeWebhookEvents, hints }: App): Promise<void> {
  for (let minutes = 0; minutes < 4; minutes += 1) {
    aheadMs += 61_000;
    hints.length = 0;
    await wakeWebhookEvents();
    for (const hint of [...hints]) await handleWebhookEvent(hint);
  }
}

const invitationsOf = async ({ sourceLinks, invitations }: App, who: string) => {
  const links = await sourceLinks.linked({ source: 'hr', externalId: who });
  const stored = await Promise.all(links.map(({ id }) => invitations.read(id)));
  return stored.flatMap((each) => (each ? [each.invitation] : []));
};

const eventsOf = async ({ webhookEvents }: App, keys: string[]) =>
  Promise.all(keys.map(async (key) => (await webhookEvents.read('hr', key))?.event.status));

let people = 0;

describe.each<Side>(['before', 'after'])('a death right %s a call of a table', (side) => {
  it('while an event is received leaves one event, once the sender repeats it', async () => {
    for (let nth = 1, isOver = false; !isOver; nth += 1) {
      people += 1;
      const event = { id: `r${people}`, who: `p${people}`, email: `p${people}@fabrikam.example` };
      isOver = !(await diesAt(nth, side, () => app().receive('hr', event)));
      const next = app();
      expect(await next.receive('hr', event)).toEqual(received);
      await goOn(next);
      expect(await invitationsOf(next, `p${people}`)).toHaveLength(1);
      expect(nth).toBeLessThan(20);
    }
  });

  it.each(['hire', 'move', 'leave'])('while a %s is worked on leaves it to be finished, once', async (kind) => {
    for (let nth = 1, isOver = false; !isOver; nth += 1) {
      people += 1;
      const who = `p${people}`;
      const first = app();
      if (kind !== 'hire') {
        await first.receive('hr', { id: `${who}-1`, kind: 'hire', who, email: `${who}@fabrikam.example` });
        await goOn(first);
      }
      await first.receive('hr', { id: `${who}-2`, kind, who, email: `${who}.new@fabrikam.example` });
      const [hint] = first.hints.slice(-1);
      isOver = !(await diesAt(nth, side, () => app().handleWebhookEvent(hint!)));
      const next = app();
      await goOn(next);

      expect(await eventsOf(next, [hint!.key])).toEqual(['done']);
      const found = await invitationsOf(next, who);
      const open = found.filter(({ status, replacedBy }) => phaseOf(status) === 'open' && replacedBy === undefined);
      const [old] = found.slice(-1);
      switch (kind) {
        case 'hire':
          expect([found.length, open.length]).toEqual([1, 1]);
          break;
        case 'move':
          // The old one is revoked by the new one, which is the queue function's work.
          expect(found).toHaveLength(2);
          expect(found[0]?.request.replaces).toBe(old?.id);
          break;
        default:
          expect([found.length, open.length]).toEqual([1, 0]);
      }
      expect(nth).toBeLessThan(60);
    }
  });
});
