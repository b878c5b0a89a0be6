import { HttpRequest } from '@azure/functions';
import { readJson } from '../../../../shared/http/readJson';

const read = (body: string | Uint8Array, contentType: string | undefined = 'application/json', mostBytes?: number) =>
  readJson(
    new HttpRequest({
      method: 'POST',
      url: 'http://127.0.0.1/api/invitations',
      headers: contentType === '' ? {} : { 'Content-Type': contentType },
      body: typeof body === 'string' ? { string: body } : { bytes: body },
    }),
    mostBytes,
  );

const refusal = async (...parts: Parameters<typeof read>) => {
  const result = await read(...parts);
  if (result.ok) throw new Error('was taken');
  const { error } = result.answer.jsonBody as { error: { code: string; message: string } };
  return [result.answer.status, error.code, error.message];
};

it.each(['application/json', 'Application/JSON; charset=utf-8', 'application/cloudevents+json'])(
  'reads JSON that comes as %s',
  async (contentType) => {
    expect(await read('{"a":[1,"\u00e9"]}', contentType)).toEqual({ ok: true, body: { a: [1, '\u00e9'] } });
  },
);

it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
  'answers 415 to content type %j',
  async (contentType) => {
    expect((await refusal('{}', contentType)).slice(0, 2)).toEqual([415, 'unsupportedMediaType']);
  },
);

it('takes as many bytes as it may, and answers 413 to one more', async () => {
  expect(await read('"\u00e9\u00e9\u00e9"', 'application/json', 8)).toEqual({ ok: true, body: '\u00e9\u00e9\u00e9' });
  expect(await refusal('"\u00e9\u00e9\u00e9 "', 'application/json', 8)).toEqual([
    413,
    'bodyTooLarge',
    'The body has 9 bytes; 8 is the most.',
  ]);
});

it.each([
  ['{"a":1,}', 'The body is not valid JSON: property name expected at line 1, column 8.'],
  ['{\n  "a": 1\n  "b": 2\n}', 'The body is not valid JSON: comma expected at line 3, column 3.'],
  ['{"a": tru}', 'The body is not valid JSON: invalid symbol at line 1, column 7.'],
  ['// no\n{}', 'The body is not valid JSON: invalid comment token at line 1, column 1.'],
])('says where %j is broken', async (text, message) => {
  expect(await refusal(text)).toEqual([400, 'invalidJson', message]);
});

it('does not repeat what the body holds', async () => {
  expect((await refusal('{"invitedUserEmailAddress":"ada@fabrikam.example"')).join()).not.toContain('ada');
});

it('says so when it is no UTF-8', async () => {
  expect(await refusal(Uint8Array.of(0x22, 0xff, 0x22))).toEqual([400, 'invalidJson', 'The body is not UTF-8 text.']);
});

it('reads the next body whole after one that ends within a character: one decoder serves all', async () => {
  await refusal(Uint8Array.of(0x22, 0xe2, 0x82));
  expect(await read('"é"')).toEqual({ ok: true, body: 'é' });
});
