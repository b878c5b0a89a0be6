import { fetchTemplateFault, fetchUrlFault, fetchUrlOf } from '../../../../shared/webhooks/fetchUrl';

const HOSTS = ['api.hibob.com'];

describe('fetchTemplateFault', () => {
  it('takes https to a listed host with placeholders in path and query', () => {
    expect(fetchTemplateFault('https://api.hibob.com/v1/people/{data.id}?x={a}', HOSTS)).toBeUndefined();
  });

  it.each([
    ['http://api.hibob.com/', 'must be https'],
    ['https://{host}/', 'must not take its host from the payload'],
    ['https://api.hibob.com{tail}/', 'must not take its host from the payload'],
    ['https://api.hibob.com.evil.com/', 'has host api.hibob.com.evil.com, which is not among allowedHosts'],
    ['https://api.hibob.com@evil.com/', 'must hold no name or password'],
    ['https://evil.com\\@api.hibob.com/', 'must be an absolute URL without spaces or backslashes'],
    ['https://api.hibob.com:8443/', 'must leave the port out (443)'],
    ['https://169.254.169.254/metadata', 'must have a host name, not an address'],
    ['https://0x7f000001/', 'must have a host name, not an address'],
    ['https://[::1]/', 'must have a host name, not an address'],
    ['https://api.hibob.com/{data[0]}', 'must hold no braces but placeholders such as {data.employeeId}'],
    ['/v1/people', 'must be an absolute URL without spaces or backslashes'],
  ])('refuses %s', (template, fault) => {
    expect(fetchTemplateFault(template, HOSTS)).toBe(fault);
  });
});

describe('fetchUrlOf', () => {
  const template = 'https://api.hibob.com/v1/people/{data.id}';

  it.each([
    ['3332883854254932743', 'https://api.hibob.com/v1/people/3332883854254932743'],
    [17, 'https://api.hibob.com/v1/people/17'],
    ['a+b@fabrikam.com', 'https://api.hibob.com/v1/people/a%2Bb%40fabrikam.com'],
  ])('puts %p into the path', (id, url) => {
    expect(fetchUrlOf(template, { data: { id } })).toEqual({ ok: true, url });
    expect(fetchUrlFault(url, HOSTS)).toBeUndefined();
  });

  it.each(['..', '.', '../../admin', 'a/b', 'a?b', 'a#b', 'a%2fb', 'a\\b', 'a\nb', '', 'x'.repeat(201)])(
    'refuses %j, which is no id',
    (id) => {
      expect(fetchUrlOf(template, { data: { id } })).toEqual({ ok: false, reason: 'valueNotAllowed', path: 'data.id' });
    },
  );

  it.each([{}, { data: {} }, { data: { id: null } }, { data: { id: {} } }, { data: { id: 1.5 } }, null, 'text'])(
    'says that %j has no value',
    (payload) => {
      expect(fetchUrlOf(template, payload)).toEqual({ ok: false, reason: 'noValue', path: 'data.id' });
    },
  );

  it('takes no inherited property for a value', () => {
    expect(fetchUrlOf('https://api.hibob.com/{constructor.name}', {})).toMatchObject({ ok: false, reason: 'noValue' });
  });
});
