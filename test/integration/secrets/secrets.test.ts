import { startServiceBus } from '../../../local/serviceBus/startServiceBus';
import { type Evidence, findLeaks } from '../../support/leaks';
import { startTap } from '../../support/tap';
import { EVENTS_QUEUE, QUEUE, startWholeApp } from '../../support/wholeApp';
import { PEOPLE, PLANTED, addressOf } from './canaries';
import { ofAnswer, ofTableCall } from './collect';
import { type Lived, lifeOfAll } from './lifeOfAll';
import { makeStranger } from './strangers';

const FUNCTION_KEY = 'the key';
const addresses = PEOPLE.map(addressOf);

let lived: Lived;
let evidence: Evidence[];
/** What was started, to be ended in reverse order even when not all of it could be. */
const started: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const bus = await startServiceBus({ port: 0, queues: [QUEUE, EVENTS_QUEUE] });
  started.push(() => bus.close());
  const tap = await startTap(bus.port);
  started.push(tap.close);
  const stranger = makeStranger(bus.connectionString);
  started.push(stranger.close);
  const throughTap = bus.connectionString.replace(`:${bus.port};`, `:${tap.port};`);
  const app = await startWholeApp(
    { ServiceBusConnection: throughTap, ON_REVOKE: 'removeGuest' },
    { functionKey: FUNCTION_KEY },
  );
  started.push(app.stop);
  lived = await lifeOfAll(app, stranger, FUNCTION_KEY);
  evidence = [
    ...app.host.logs.map((entry) => ({ where: `log of ${entry.functionName ?? 'host'}`, text: JSON.stringify(entry) })),
    ...app.host.output.map((text) => ({ where: 'output', text })),
    ...tap.sent().map((bytes) => ({ where: 'sent to the broker', text: bytes.toString() })),
    ...app.tables.calls.flatMap(ofTableCall),
    ...lived.answers.map(ofAnswer),
  ];
}, 180_000);

afterAll(async () => {
  for (const end of started.reverse()) await end();
});

const canaries = () => ({ tickets: [PLANTED, ...lived.tickets], addresses });

describe('tickets and addresses', () => {
  it('are nowhere but in mails, the invitation’s request and answers to who asked', () => {
    const counted = (what: string) => evidence.filter(({ where }) => where.startsWith(what)).length;
    process.stdout.write(
      `${canaries().tickets.length} tickets and ${addresses.length} addresses looked for in ${counted('log')} log ` +
        `entries, ${counted('sent')} connections to the broker, ${counted('entity')} texts of entities and ` +
        `${counted('answer')} answers\n`,
    );
    expect(findLeaks(evidence, canaries())).toEqual([]);
  });

  it('were there to be found, in every kind of place', () => {
    const isSeen = (where: RegExp, text: RegExp) =>
      evidence.some((one) => where.test(one.where) && text.test(one.text));
    expect(new Set(lived.tickets).size).toBeGreaterThan(10);
    expect(isSeen(/^entity i-.* request/, /canary\.sent\.one@/)).toBe(true);
    expect(isSeen(/^entity i-.* state/, /\(address\).*\(URL\)/)).toBe(true);
    expect(isSeen(/^entity h-/, /requested/)).toBe(true);
    expect(isSeen(/^answer 202/, /canary\.sent\.one@/)).toBe(true);
    expect(isSeen(/^sent to the broker/, /"wakeUp":"w-0-/)).toBe(true);
    expect(isSeen(/^log of recordDeadLetter/, /Dead letter/)).toBe(true);
    const statuses = new Set(lived.answers.map(({ status }) => status));
    expect([...statuses].sort()).toEqual([200, 202, 400, 401, 404, 409, 413, 415, 503]);
  });
});

/** What a call with this entity would have left behind, in the part of it that holds the secret. */
const entity = (properties: object, part: number) =>
  ofTableCall({ headers: {}, method: 'PUT', path: '/', body: JSON.stringify(properties) })[part]!;

describe('a leak on purpose is found', () => {
  it.each<[string, (ticket: string, address: string) => Evidence]>([
    ['an address in a log', (_, address) => ({ where: 'log', text: `Invited ${address}.` })],
    ['in capitals', (_, address) => ({ where: 'log', text: address.toUpperCase() })],
    [
      'in JSON in JSON',
      (_, address) => ({ where: 'log', text: JSON.stringify(`"${address.replace('@', '\\u0040')}"`) }),
    ],
    ['as a user principal name', (_, address) => ({ where: 'log', text: `${address.replace('@', '_')}#EXT#@x.com` })],
    ['in the history', (_, address) => entity({ RowKey: 'h-1', detail: address }, 1)],
    ['in the state', (_, address) => entity({ RowKey: 'i-1', state: address, request: '{}' }, 2)],
    ['a ticket in the request', (ticket) => entity({ RowKey: 'i-1', request: ticket }, 3)],
    [
      'encoded twice',
      (ticket) => ({ where: 'log', text: `redeem?rd=${encodeURIComponent(encodeURIComponent(ticket))}` }),
    ],
    ['in base64', (ticket) => ({ where: 'hint', text: Buffer.from(`x=${ticket}`).toString('base64url') })],
    ['cut', (ticket) => ({ where: 'log', text: ticket.slice(0, 20) })],
    ['in an answer', (ticket) => ({ where: 'answer', text: ticket, mayHoldAddresses: true })],
  ])('%s', (_, leak) => {
    const planted = leak(lived.tickets.at(-1)!, addressOf('busy'));
    const leaks = findLeaks([...evidence, planted], canaries());
    expect(leaks.map(({ where }) => where)).toEqual([planted.where]);
  });
});
