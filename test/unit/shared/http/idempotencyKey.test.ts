import { HttpRequest } from '@azure/functions';
import { readIdempotencyKey } from '../../../../shared/http/idempotencyKey';

const requestWith = (key?: string) =>
  new HttpRequest({
    method: 'POST',
    url: 'http://127.0.0.1/api/invitations',
    ...(key === undefined ? {} : { headers: { 'Idempotency-Key': key } }),
  });

it('is optional', () => {
  expect(readIdempotencyKey(requestWith())).toEqual({ ok: true, key: undefined });
});

it.each([
  ['plain', 'a1b2', 'a1b2'],
  ['a UUID', '3f0c9a52-6f0e-4c57-9f1c-6a4b0a4f1f10', '3f0c9a52-6f0e-4c57-9f1c-6a4b0a4f1f10'],
  ['quoted, as the draft has it', '"a1b2"', 'a1b2'],
  ['with marks in it', 'a/b\\c#d?e"f', 'a/b\\c#d?e"f'],
  ['as long as can be', 'x'.repeat(255), 'x'.repeat(255)],
])('is taken %s', (_form, header, key) => {
  expect(readIdempotencyKey(requestWith(header))).toEqual({ ok: true, key });
});

it.each([
  ['empty', ''],
  ['an empty quoted one', '""'],
  ['one with a space', 'two words'],
  ['one with a letter that is not ASCII', 'schl\u00fcssel'],
  ['one that is too long', 'x'.repeat(256)],
])('is refused when it is %s', (_what, header) => {
  expect(readIdempotencyKey(requestWith(header))).toEqual({
    ok: false,
    answer: {
      status: 400,
      headers: { 'x-ms-error-code': 'invalidHeader' },
      jsonBody: {
        error: {
          code: 'invalidHeader',
          message: 'Idempotency-Key must be 1 to 255 printable ASCII characters without spaces, such as a UUID.',
          target: 'Idempotency-Key',
        },
      },
    },
  });
});
