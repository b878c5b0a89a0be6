import { pooledRandomBytes } from '../../../shared/randomPool';

it('gives as many bytes as are asked for, none of them twice', () => {
  const taken = Array.from({ length: 1_000 }, () => pooledRandomBytes(10));
  expect(taken.every(({ length }) => length === 10)).toBe(true);
  expect(new Set(taken.map((bytes) => bytes.toString('hex'))).size).toBe(1_000);
});

it('leaves alone what it gave before', () => {
  const first = pooledRandomBytes(16);
  const text = first.toString('hex');
  for (let more = 0; more < 1_000; more += 1) pooledRandomBytes(16);
  expect(first.toString('hex')).toBe(text);
});

it('gives up to all that is drawn at once', () => {
  expect(pooledRandomBytes(4_096)).toHaveLength(4_096);
});
