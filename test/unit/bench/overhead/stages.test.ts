import type { Told } from '../../../../bench/overhead/moments';
import { between } from '../../../../bench/overhead/stages';

const way = new Map<Told['what'], number>([
  ['requested', 1000],
  ['stored', 1012.5],
]);

it('tells the time between two moments', () => {
  expect(between(way, 'requested', 'stored')).toBe(12.5);
});

it('refuses to tell a time of a moment that was not seen', () => {
  expect(() => between(way, 'stored', 'hinted')).toThrow('No "hinted" was seen.');
  expect(() => between(way, 'accepted', 'stored')).toThrow('No "accepted" was seen.');
});
