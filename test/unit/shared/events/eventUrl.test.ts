import { eventUrlFault } from '../../../../shared/events/eventUrl';

const anywhere = { allowedHosts: [], allowsLoopback: false };
const onOneMachine = { allowedHosts: [], allowsLoopback: true };

it.each([
  'https://hooks.contoso.com/invitations',
  'https://prod-12.westeurope.logic.azure.com/workflows/1/run?api-version=2016-10-01&sig=abc',
  'https://hooks.contoso.com',
])('takes %s', (url) => {
  expect(eventUrlFault(url, anywhere)).toBeUndefined();
});

it.each([
  ['http://hooks.contoso.com/', 'must be https'],
  ['ftp://hooks.contoso.com/', 'must be https'],
  ['hooks.contoso.com', 'must be an absolute URL without spaces or backslashes'],
  ['https://hooks.contoso.com\\@evil.com', 'must be an absolute URL without spaces or backslashes'],
  ['https://me:secret@hooks.contoso.com/', 'must hold no name or password'],
  ['https://hooks.contoso.com:8443/', 'must leave the port out (443)'],
  ['https://10.0.0.1/', 'must have a host name, not an address'],
  ['https://[::1]/', 'must have a host name, not an address'],
  ['https://0x7f000001/', 'must have a host name, not an address'],
  ['https://169.254.169.254/metadata', 'must have a host name, not an address'],
  ['https://hooks.contoso.com/#part', 'must have no fragment'],
  ['http://127.0.0.1:9000/', 'must be https'],
])('refuses %s: %s', (url, fault) => {
  expect(eventUrlFault(url, anywhere)).toBe(fault);
});

it('takes hosts of the list alone, and of a star every subdomain', () => {
  const listed = { allowedHosts: ['hooks.contoso.com', '*.logic.azure.com'], allowsLoopback: false };
  expect(eventUrlFault('https://hooks.contoso.com/', listed)).toBeUndefined();
  expect(eventUrlFault('https://prod-12.westeurope.logic.azure.com/x', listed)).toBeUndefined();
  expect(eventUrlFault('https://hooks.fabrikam.com/', listed)).toBe(
    'has host hooks.fabrikam.com, which is not among the allowed ones (ALLOWED_EVENT_HOSTS)',
  );
  expect(eventUrlFault('https://evil-hooks.contoso.com/', listed)).toMatch(/^has host/);
});

it('takes this machine where the whole app runs on it, and no other address for it', () => {
  expect(eventUrlFault('http://127.0.0.1:9000/hook', onOneMachine)).toBeUndefined();
  for (const url of [
    'http://127.0.0.1.evil.com:80/',
    'http://127.0.0.1:9000@evil.com/',
    'http://192.168.0.1:9000/',
    'http://evil.com/',
  ]) {
    expect([url, eventUrlFault(url, onOneMachine)]).not.toEqual([url, undefined]);
  }
});
