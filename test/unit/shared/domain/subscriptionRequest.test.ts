import { parseSubscription } from '../../../../shared/domain/subscriptionRequest';

const URL = 'https://hooks.contoso.com/invitations';
const noFault = () => undefined;

const faultsOf = (body: unknown, urlFault: (url: string) => string | undefined = noFault) => {
  const parsed = parseSubscription(body, urlFault);
  return parsed.ok ? [] : parsed.faults.map(({ code, target }) => `${code} ${target}`);
};

it('takes a URL alone for a subscription to everything', () => {
  expect(parseSubscription({ url: URL }, noFault)).toEqual({
    ok: true,
    asked: {
      url: URL,
      events: [
        'invitation.requested',
        'invitation.awaitingApproval',
        'invitation.sent',
        'invitation.reminded',
        'invitation.accepted',
        'invitation.failed',
        'invitation.needsReview',
        'invitation.expired',
        'invitation.revoked',
        'invitation.rejected',
      ],
      filters: {},
    },
  });
});

it('takes events once each, and both filters', () => {
  const events = ['invitation.sent', 'invitation.failed', 'invitation.sent'];
  expect(parseSubscription({ url: URL, events, filters: { source: 'workday', kind: 'guest' } }, noFault)).toMatchObject(
    {
      asked: { events: ['invitation.sent', 'invitation.failed'], filters: { source: 'workday', kind: 'guest' } },
    },
  );
});

it.each<[string, unknown, string[]]>([
  ['no object', 'text', ['invalidBody body']],
  ['a list', [], ['invalidBody body']],
  ['null', null, ['invalidBody body']],
  ['no URL', {}, ['required url']],
  ['a URL that is no text', { url: 7 }, ['invalidValue url']],
  ['an event that there is not', { url: URL, events: ['invitation.eaten'] }, ['invalidValue events.0']],
  ['no events at all', { url: URL, events: [] }, ['invalidValue events']],
  ['a filter that there is not', { url: URL, filters: { status: 'sent' } }, ['unknownProperty filters.status']],
  ['a kind that there is not', { url: URL, filters: { kind: 'mail' } }, ['invalidValue filters.kind']],
  ['a source of two lines', { url: URL, filters: { source: 'a\nb' } }, ['invalidValue filters.source']],
  ['an id, which callers don’t choose', { url: URL, id: 'x' }, ['unknownProperty id']],
])('refuses %s', (_, body, faults) => {
  expect(faultsOf(body)).toEqual(faults);
});

it('speaks of subscriptions, not of invitations', () => {
  const parsed = parseSubscription({ url: URL, id: 'x', colour: 'y' }, noFault);
  expect(parsed.ok ? [] : parsed.faults.map(({ message }) => message)).toEqual([
    'id is not a property of a subscription. Leave it out or correct its name.',
    'colour is not a property of a subscription. Leave it out or correct its name.',
  ]);
});

it('says what is wrong with the URL', () => {
  expect(parseSubscription({ url: 'http://x' }, () => 'must be https')).toEqual({
    ok: false,
    faults: [{ code: 'invalidUrl', target: 'url', message: 'url must be https.' }],
  });
});
