import type { LookupAddress } from 'node:dns';
import { type Resolve, isPublicAddress, publicLookup } from '../../../../shared/webhooks/publicAddress';

describe('isPublicAddress', () => {
  it.each(['8.8.8.8', '20.42.65.90', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001:81b::200e'])(
    'takes %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12:3456:789a::1',
    'ff02::1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    '2001:db8::1',
    'localhost',
    'api.hibob.com',
    '',
  ])('refuses %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

type Found = { address: string | LookupAddress[]; family: number | undefined } | { code: string | undefined };

const lookUp = (resolve: Resolve, all: boolean): Promise<Found> =>
  new Promise((found) =>
    publicLookup(resolve)('hooks.contoso.com', { all }, (error, address, family) =>
      found(error ? { code: error.code } : { address, family }),
    ),
  );

const leadingTo =
  (...addresses: string[]): Resolve =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));

describe('publicLookup', () => {
  it('gives every address where a socket tries them in turn, and the first where it takes one', async () => {
    const resolve = leadingTo('8.8.8.8', '2606:4700::1111');
    expect(await lookUp(resolve, true)).toEqual({
      address: [
        { address: '8.8.8.8', family: 4 },
        { address: '2606:4700::1111', family: 6 },
      ],
      family: undefined,
    });
    expect(await lookUp(resolve, false)).toEqual({ address: '8.8.8.8', family: 4 });
  });

  it.each([[['10.0.0.1']], [['8.8.8.8', '169.254.169.254']], [['2606:4700::1111', '::ffff:127.0.0.1']]])(
    'refuses a name that leads to %s, whichever would be taken',
    async (addresses) => {
      expect(await lookUp(leadingTo(...addresses), true)).toEqual({ code: 'notPublic' });
      expect(await lookUp(leadingTo(...addresses), false)).toEqual({ code: 'notPublic' });
    },
  );

  it('gives what it checked, of a name that leads to a private address when it is asked for again', async () => {
    const answers = [leadingTo('8.8.8.8'), leadingTo('127.0.0.1')];
    const rebinding: Resolve = (hostname) => (answers.shift() ?? leadingTo())(hostname);
    expect(await lookUp(rebinding, false)).toEqual({ address: '8.8.8.8', family: 4 });
    expect(answers).toHaveLength(1);
    expect(await lookUp(rebinding, false)).toEqual({ code: 'notPublic' });
  });

  it('fails as the system does where a name can’t be resolved, or leads nowhere', async () => {
    const away: Resolve = () => Promise.reject(Object.assign(new Error(), { code: 'EAI_AGAIN' }));
    expect(await lookUp(away, true)).toEqual({ code: 'EAI_AGAIN' });
    expect(await lookUp(leadingTo(), true)).toEqual({ code: 'ENOTFOUND' });
  });
});
