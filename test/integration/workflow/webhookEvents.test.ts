import { makeSandbox } from '../../../shared/webhooks/sandbox';
import { personHash } from '../../../shared/domain/ids';
import { HASH_KEY, useTables } from '../../support/azurite';
import { webhookApp } from '../../support/webhookApp';

const azurite = useTables();
const sandbox = makeSandbox();
afterAll(() => sandbox.close());

/** As the address is hashed. */
const personOf = (address: string) => personHash(HASH_KEY, address);

const DAY_MS = 24 * 3600_000;
const INVITE = "{ 'invitedUserEmailAddress': email }";

let aheadMs = 0;
const appWith = (sources: Record<string, object>) =>
  webhookApp(azurite.tables(), { sources, sandbox, aheadMs: () => aheadMs });

type App = ReturnType<typeof appWith>;

/** Works on all that was received, and gives what came of each. */
async function workOff({ hints, handleWebhookEvent }: App) {
  const handled = [];
  for (const hint of hints.splice(0)) handled.push(await handleWebhookEvent(hint));
  return handled.map((each) => (each.type === 'tried' ? [each.event?.status, each.tried.outcome] : [each.type]));
}

let sources = 0;
const aName = () => {
  sources += 1;
  return `s${sources}`;
};

it('takes the events of a batch each by itself, a millisecond apart, and tells how many it left out', async () => {
  const name = aName();
  const app = appWith({ [name]: { format: { type: 'eventGrid' }, filter: 'wanted', mapping: INVITE } });
  const batch = ['a', 'b', 'c'].map((id) => ({ id, wanted: id !== 'b', email: `${id}@fabrikam.example` }));
  expect(await app.receive(name, batch)).toEqual({ type: 'received', accepted: 2, ignored: 1 });
  const read = await Promise.all(app.hints.map(({ source, key }) => app.webhookEvents.read(source, key)));
  const [first = 0, second = 0] = read.map((stored) => Date.parse(stored?.event.receivedAt ?? '')).sort();
  expect(second - first).toBe(2);
  expect(await workOff(app)).toEqual([
    ['done', '1 invited'],
    ['done', '1 invited'],
  ]);
});

it('takes a batch without events for what it is', async () => {
  const name = aName();
  const app = appWith({ [name]: { format: { type: 'eventGrid' }, mapping: INVITE } });
  expect(await app.receive(name, [])).toEqual({ type: 'received', accepted: 0, ignored: 0 });
});

it('hints at an event once, however often it comes', async () => {
  const name = aName();
  const app = appWith({ [name]: { mapping: INVITE } });
  for (let times = 0; times < 3; times += 1) await app.receive(name, { id: 1, email: 'once@fabrikam.example' });
  expect(app.hints).toHaveLength(1);
  await workOff(app);
  await app.receive(name, { id: 1, email: 'once@fabrikam.example' });
  expect(app.hints).toHaveLength(0);
});

it.each<[string, object, string]>([
  [
    'a filter that fails',
    { filter: '$uppercase(1)', mapping: INVITE },
    'filter fails with T0410 at character 11 (uppercase).',
  ],
  ['an event id that is none', { eventId: 'person', mapping: INVITE }, 'eventId gives neither a text nor a number.'],
  ['a mapping that fails', { mapping: '$uppercase(id)' }, 'mapping fails with T0410 at character 11 (uppercase).'],
  ['a mapping that makes nothing', { mapping: 'nothing' }, 'mapping gives nothing.'],
  [
    'a mapping that makes what is no action',
    { mapping: "{ 'action': 'dance' }" },
    'actions.0.action: must have action invite, revoke or replace',
  ],
  ['an address that is none', { mapping: "{ 'action': 'revoke', 'email': 'Ann' }" }, 'actions.0: email is no address.'],
  [
    'a request that would be refused',
    { mapping: "[{ 'invitedUserEmailAddress': 'Ann', 'metadata': { 'Ann Smith': '1' } }, { 'colour': 'red' }]" },
    'POST /invitations would refuse actions.0: invitedUserEmailAddress (invalidValue), actions.0: metadata (invalidValue), actions.1: invitedUserEmailAddress (required), actions.1: colour (unknownProperty).',
  ],
])('keeps the event where the source has %s, and says why without a word of it', async (_what, source, outcome) => {
  const name = aName();
  const app = appWith({ [name]: source });
  await app.receive(name, { id: 1, person: { name: 'Ann' } });
  expect(await workOff(app)).toEqual([['kept', outcome]]);
});

it('does what can be done of an event, and keeps it for the rest', async () => {
  const name = aName();
  const mapping = `[${INVITE}, { 'action': 'revoke', 'email': 'nobody' }]`;
  const app = appWith({ [name]: { mapping } });
  await app.receive(name, { id: 1, email: 'part@fabrikam.example' });
  expect(await workOff(app)).toEqual([['kept', 'actions.1: email is no address.']]);
  const mended = appWith({ [name]: { mapping: `[${INVITE}]` } });
  const events = await mended.keptEvents.list(name);
  await mended.keptEvents.replay(events);
  mended.hints.push(...events);
  expect(await workOff(mended)).toEqual([['done', '1 invited']]);
  const own = await mended.sourceLinks.linked({ source: name, person: personOf('part@fabrikam.example') });
  expect(own).toHaveLength(1);
});

it('keeps the events of a source that is not described any more', async () => {
  const name = aName();
  const app = appWith({ [name]: { mapping: INVITE } });
  await app.receive(name, { id: 1, email: 'gone@fabrikam.example' });
  const later = appWith({});
  later.hints.push(...app.hints);
  expect(await workOff(later)).toEqual([['kept', 'SOURCES describes no source of this name.']]);
  expect((await later.keptEvents.count()).get(name)).toBe(1);
});

it('keeps an event that ended its worker ten times', async () => {
  const name = aName();
  const app = appWith({ [name]: { mapping: INVITE } });
  await app.receive(name, { id: 1, email: 'deadly@fabrikam.example' });
  const [hint] = app.hints;
  expect(await app.keptEvents.keep(hint!)).toMatchObject({ status: 'kept', outcome: 'It ended its worker ten times.' });
  expect(await app.handleWebhookEvent(hint!)).toEqual({ type: 'nothingDue' });
});

it('deletes events when their time is over, by the timer, whether their source is described or not', async () => {
  const name = aName();
  const app = appWith({ [name]: { mapping: "kind = 'bad' ? nothing : { 'invitedUserEmailAddress': email }" } });
  await app.receive(name, { id: 1, email: 'short@fabrikam.example' });
  await app.receive(name, { id: 2, kind: 'bad' });
  await workOff(app);
  const keys = await app.webhookEvents.due(name, '9999', 10);
  expect(keys).toHaveLength(2);

  aheadMs += 8 * DAY_MS;
  const later = appWith({});
  await later.wakeWebhookEvents();
  expect(later.hints.filter(({ source }) => source === name)).toHaveLength(2);
  await workOff(later);
  expect(await later.webhookEvents.due(name, '9999', 10)).toEqual([]);
  expect(await Promise.all(keys.map((key) => later.webhookEvents.read(name, key)))).toEqual([undefined, undefined]);
});

it('does nothing for a hint at an event that is not there', async () => {
  expect(await appWith({}).handleWebhookEvent({ source: 'hr', key: '0'.repeat(32) })).toEqual({ type: 'notFound' });
});
