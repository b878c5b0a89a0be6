import { type ListPlace, listTokens } from '../../../../shared/http/listToken';

const KEY = 'a hash key of the tests';
const ids = (count: number) =>
  Array.from({ length: count }, (_, index) => `019cadc6-9a80-7abc-8def-0123456789${(index + 16).toString(16)}`);

const place = (changes: Partial<ListPlace> = {}): ListPlace => ({
  filter: { status: 'queued', externalId: 'ada@fabrikam.example' },
  from: { after: '019cadc6-9a80-7abc-8def-01234567890b', ahead: ids(3) },
  ...changes,
});

it('gives back what it sealed', () => {
  const { seal, open } = listTokens(KEY, '');
  expect(open(seal(place()))).toEqual(place());
  const plain = place({ filter: {}, from: { after: ids(1)[0]!, ahead: [] } });
  expect(open(seal(plain))).toEqual(plain);
});

it('fits into a URL, with as much as it may carry', () => {
  const { seal } = listTokens(KEY, '');
  const most = {
    filter: { source: 'ö'.repeat(64), externalId: 'ö'.repeat(256), person: '0'.repeat(32) },
    from: { after: ids(1)[0]!, ahead: ids(128) },
  };
  expect(seal(most)).toMatch(/^1\.[\w-]{1,4200}$/);
});

it('shows nothing of what is in it, and never the same token twice', () => {
  const { seal } = listTokens(KEY, '');
  const text = Buffer.from(seal(place()).slice(2), 'base64url').toString('latin1');
  expect(text).not.toMatch(/ada|queued|status/);
  expect(seal(place())).not.toBe(seal(place()));
});

it('opens no token in which a bit was changed', () => {
  const { seal, open } = listTokens(KEY, '');
  const token = seal(place());
  const bytes = Buffer.from(token.slice(2), 'base64url');
  const opened = [...bytes.keys()].filter((index) => {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
    return open(`1.${changed.toString('base64url')}`) !== undefined;
  });
  expect([bytes.length > 100, opened]).toEqual([true, []]);
});

it.each(['', '1.', '2.', 'x', '1.AAAA', `1.${'A'.repeat(200)}`, '1.%%%', 'null'])('opens no %j', (token) => {
  expect(listTokens(KEY, '').open(token)).toBeUndefined();
});

it('opens no token of another key, of another caller, of another version or cut short', () => {
  const token = listTokens(KEY, 'app:1').seal(place());
  expect(listTokens('another key of the tests', 'app:1').open(token)).toBeUndefined();
  expect(listTokens(KEY, 'app:2').open(token)).toBeUndefined();
  expect(listTokens(KEY, '').open(token)).toBeUndefined();
  expect(listTokens(KEY, 'app:1').open(`2${token.slice(1)}`)).toBeUndefined();
  expect(listTokens(KEY, 'app:1').open(token.slice(0, -1))).toBeUndefined();
  expect(listTokens(KEY, 'app:1').open(token)).toEqual(place());
});
