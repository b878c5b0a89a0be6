import { mapEvent, selectEvent } from '../../../../shared/webhooks/mapEvent';
import { readSources } from '../../../../shared/webhooks/readSources';
import { type Sandbox, makeSandbox } from '../../../../shared/webhooks/sandbox';
import type { Source } from '../../../../shared/webhooks/source';

const sandbox = makeSandbox();
afterAll(() => sandbox.close());

// printf 'two words' | sha256sum; printf '{}' | sha256sum
const TWO_WORDS = 'sha256-a03f1d611645eb53ad16c1af546ca0792dc884505bab57ede80f4dad6b911d3a';
const EMPTY = 'sha256-44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';

function sourceWith(changes: object): Source {
  const text = JSON.stringify({ hr: { verification: { type: 'caller' }, mapping: 'people', ...changes } });
  const source = readSources(text, {}).get('hr');
  if (!source) throw new Error('There is no source.');
  return source;
}

const select = (changes: object, event: unknown) =>
  selectEvent(sourceWith(changes), JSON.stringify(event), { headers: new Headers({ 'x-id': 'from-header' }), sandbox });

const map = (mapping: string, event: unknown = {}) =>
  mapEvent(sourceWith({ mapping }), JSON.stringify(event), { sandbox });

describe('selectEvent', () => {
  it.each([
    ['a = 1', { a: 1 }, 'selected'],
    ['a = 1', { a: 2 }, 'ignored'],
    ['a', {}, 'ignored'],
  ])('with filter %s takes %j for %s', async (filter, event, type) => {
    expect((await select({ filter }, event)).type).toBe(type);
  });

  it('takes a filter that gives no boolean for broken, not for true', async () => {
    expect(await select({ filter: 'a' }, { a: 'yes' })).toEqual({
      type: 'broken',
      message: 'filter gives neither true nor false.',
    });
  });

  it('does not evaluate the event id of an event that the filter does not want', async () => {
    expect(await select({ filter: 'false', eventId: '$error("never")' }, {})).toEqual({ type: 'ignored' });
  });

  it.each([
    ['id', { id: 'e-1' }, 'e-1'],
    ['id', { id: 17 }, '17'],
    [{ header: 'x-id' }, {}, 'from-header'],
    ['id', { id: 'two words' }, TWO_WORDS],
  ])('with eventId %j calls %j %s', async (eventId, event, expected) => {
    expect(await select({ eventId }, event)).toEqual({ type: 'selected', eventId: expected });
  });

  it.each([{}, { eventId: 'missing' }])('with %j calls an event after its content', async (changes) => {
    expect(await select(changes, {})).toEqual({ type: 'selected', eventId: EMPTY });
  });

  it('takes an event id that is an object for broken', async () => {
    expect(await select({ eventId: 'id' }, { id: {} })).toEqual({
      type: 'broken',
      message: 'eventId gives neither a text nor a number.',
    });
  });

  it('says what the payload lacks for the URL to fetch', async () => {
    const fetch = { url: 'https://api.example.com/{id}', allowedHosts: ['api.example.com'] };
    expect(await select({ fetch }, { id: '../x' })).toEqual({
      type: 'broken',
      message: 'fetch.url: the payload has a value that is no id at id.',
    });
  });
});

describe('mapEvent', () => {
  const request = { invitedUserEmailAddress: 'a@fabrikam.com' };
  const invite = { action: 'invite', request: { ...request, source: 'hr' } };

  it.each([
    ['an object', request, [invite]],
    ['an array', [request, request], [invite, invite]],
    ['an action', { action: 'invite', request }, [invite]],
    [
      'a revoke by address',
      { action: 'revoke', email: 'a@fabrikam.com' },
      [{ action: 'revoke', email: 'a@fabrikam.com' }],
    ],
    ['a revoke by number', { action: 'revoke', externalId: 17 }, [{ action: 'revoke', externalId: '17' }]],
    [
      'a replace',
      { action: 'replace', externalId: '17', request },
      [{ action: 'replace', externalId: '17', request: invite.request }],
    ],
    [
      'an id that is a number',
      { ...request, externalId: 17 },
      [{ ...invite, request: { ...invite.request, externalId: '17' } }],
    ],
    ['another source’s name', { ...request, source: 'payroll' }, [invite]],
  ])('takes %s', async (_what, result, actions) => {
    expect(await map('result', { result })).toEqual({ type: 'actions', actions });
  });

  it.each(['missing', '[]', 'null'])('says that nothing comes of %s', async (mapping) => {
    expect(await map(mapping)).toEqual({ type: 'nothing' });
  });

  it.each([
    ['a text', 'x', 'actions.0: must have action invite, revoke or replace'],
    ['an unknown action', { action: 'delete' }, 'actions.0.action: must have action invite, revoke or replace'],
    ['a revoke of nobody', { action: 'revoke' }, 'actions.0: must name either email or externalId'],
    [
      'a revoke of both',
      { action: 'revoke', email: 'a@b.c', externalId: '1' },
      'actions.0: must name either email or externalId',
    ],
    [
      'a replace without a request',
      { action: 'replace', email: 'a@b.c' },
      'actions.0.request: must be an object, the body of POST /invitations',
    ],
    ['a thousand and one', new Array(1001).fill({}), 'The mapping gives 1001 actions; 1000 is the most.'],
  ])('takes %s for broken', async (_what, result, message) => {
    expect(await map('result', { result })).toEqual({ type: 'broken', message });
  });

  it('quotes the payload in the detail only', async () => {
    const mapped = await map('$number(email)', { email: 'a@fabrikam.com' });
    expect(mapped).toEqual({
      type: 'broken',
      message: 'mapping fails with D3030 at character 8 (number).',
      detail: 'Unable to cast value to a number: "a@fabrikam.com"',
    });
  });

  it('shows the mapping what was fetched beside the event', async () => {
    const source = sourceWith({ mapping: '{"invitedUserEmailAddress": fetched.email, "externalId": event.id}' });
    expect(await mapEvent(source, '{"id":"1"}', { fetched: '{"email":"a@fabrikam.com"}', sandbox })).toEqual({
      type: 'actions',
      actions: [{ action: 'invite', request: { ...request, externalId: '1', source: 'hr' } }],
    });
  });

  it.each([
    ['busy', 'unavailable'],
    ['crashed', 'unavailable'],
    ['timedOut', 'broken'],
    ['outOfMemory', 'broken'],
  ] as const)('takes a sandbox that is %s for %s', async (type, expected) => {
    const failing: Sandbox = {
      run: () => Promise.resolve({ ok: false, failure: { type } }),
      close: () => Promise.resolve(),
    };
    expect((await mapEvent(sourceWith({}), '{}', { sandbox: failing })).type).toBe(expected);
  });
});
