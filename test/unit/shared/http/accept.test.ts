import { prefersCsv } from '../../../../shared/http/accept';

it.each([
  'text/csv',
  'TEXT/CSV; charset=utf-8',
  'text/csv, application/json;q=0.9',
  'application/json;q=0.5, text/csv;q=0.6',
  'text/csv, */*;q=0.1',
  'text/*',
])('answers %j with CSV', (accept) => {
  expect(prefersCsv(accept)).toBe(true);
});

it.each([
  null,
  '',
  '*/*',
  'application/json',
  'text/csv, application/json',
  'text/csv;q=0',
  'text/csv;q=much',
  'text/csv;q=0.3, */*',
  'text/html',
])('answers %j with JSON', (accept) => {
  expect(prefersCsv(accept)).toBe(false);
});
