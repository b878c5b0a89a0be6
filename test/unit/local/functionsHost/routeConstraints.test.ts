import { toConstraint } from '../../../../local/functionsHost/routeConstraints';

it.each<[string, string, boolean]>([
  ['alpha', 'aZ', true],
  ['alpha', 'a1', false],
  ['bool', 'True', true],
  ['bool', '1', false],
  ['datetime', '2026-11-21', true],
  ['datetime', 'soon', false],
  ['decimal', '-1.50', true],
  ['decimal', '1,5', false],
  ['guid', '0192e4a0-7c3b-7d10-9f00-3c5f0a1b2c0d', true],
  ['guid', '{0192e4a0-7c3b-7d10-9f00-3c5f0a1b2c0d}', true],
  ['guid', '0192e4a07c3b7d109f003c5f0a1b2c0d', true],
  ['guid', '0192e4a0', false],
  ['int', '-2147483648', true],
  ['int', '2147483648', false],
  ['int', '1.0', false],
  ['INT', '1', true],
  ['long', '2147483648', true],
  ['long', '9223372036854775808', false],
  ['length(3)', 'abc', true],
  ['length(3)', 'abcd', false],
  ['length(1,5)', 'abcde', true],
  ['length(1,5)', 'abcdef', false],
  ['minlength(2)', 'a', false],
  ['maxlength(2)', 'ab', true],
  ['min(18)', '18', true],
  ['min(18)', '17', false],
  ['max(120)', '121', false],
  ['range(18,120)', '18', true],
  ['range(18,120)', 'x', false],
  ['regex(^a+$)', 'AA', true],
  ['regex(^a+$)', 'ab', false],
])('%s for %s is %s', (constraint, value, expected) => {
  expect(toConstraint(constraint)(value)).toBe(expected);
});

it('refuses a constraint that it does not know', () => {
  expect(() => toConstraint('colour')).toThrow('"colour" is no route constraint that the local host knows.');
});
