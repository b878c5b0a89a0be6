import { makeSeal } from '../../../shared/seal';

const HASH_KEY = 'a hash key of sixteen or more';
const { seal, open } = makeSeal(HASH_KEY, 'tests');
const text = Buffer.from('whsec_of-a-test');

it('opens what it sealed, and shows nothing of it meanwhile', () => {
  const sealed = seal(text, 'here');
  expect(open(sealed, 'here')?.toString()).toBe('whsec_of-a-test');
  expect(sealed.toString('latin1')).not.toContain('whsec');
});

it('seals the same text differently each time', () => {
  expect(seal(text, 'here').equals(seal(text, 'here'))).toBe(false);
});

it('opens nothing of another context, purpose or key, and nothing that was changed or cut', () => {
  const sealed = seal(text, 'here');
  expect(open(sealed, 'there')).toBeUndefined();
  expect(makeSeal(HASH_KEY, 'others').open(sealed, 'here')).toBeUndefined();
  expect(makeSeal(`${HASH_KEY}.`, 'tests').open(sealed, 'here')).toBeUndefined();
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(open(changed, 'here')).toBeUndefined();
  }
  for (let length = 0; length < sealed.length; length += 1) {
    expect(open(sealed.subarray(0, length), 'here')).toBeUndefined();
  }
});
