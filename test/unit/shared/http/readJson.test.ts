import { HttpRequest } from '@azure/functions';
import { readJson } from '../../../../shared/http/readJson';

const read = async (body: string, contentType = 'application/json') => {
  const request = new HttpRequest({
    method: 'POST',
    url: 'http://127.0.0.1/api/invitations',
    headers: { 'Content-Type': contentType },
    body: { bytes: Buffer.from(body) },
  });
  const result = await readJson(request);
  if (result.ok) return result.body;
  return { status: result.answer.status, ...(result.answer.jsonBody as { error: object }).error };
};

describe('readJson', () => {
  it.each([
    ['brackets', '['.repeat(60_000)],
    ['objects', '{"a":'.repeat(12_000)],
  ])('refuses broken JSON of more nested %s than a stack holds', async (_, body) => {
    expect(await read(body)).toEqual({
      status: 400,
      code: 'invalidJson',
      message: 'The body is not valid JSON: it is nested too deep.',
    });
  });

  it.each([
    ['arrays', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['a hundred and one levels', `${'['.repeat(101)}${']'.repeat(101)}`],
  ])('refuses sound JSON nested too deep: %s', async (_what, body) => {
    expect(await read(body)).toEqual({
      status: 400,
      code: 'invalidJson',
      message: 'The body is nested too deep: no request has a hundred levels.',
    });
  });

  it('keeps every digit of a number, and takes the last of repeated names', async () => {
    expect(await read('{"a":9007199254740993,"b":1,"b":2}')).toEqual({ a: 9007199254740993n, b: 2 });
  });

  it('reads JSON behind a byte order mark, and any content type that is JSON', async () => {
    expect(await read('\ufeff{"a":1}', 'application/cloudevents+json; charset=utf-8')).toEqual({ a: 1 });
  });

  it.each([
    ['text/plain', 'The request has Content-Type text/plain. Send Content-Type: application/json.'],
    ['anna@fabrikam.com', 'The request has Content-Type of no known form. Send Content-Type: application/json.'],
    [`a/${'b'.repeat(200)}`, 'The request has Content-Type of no known form. Send Content-Type: application/json.'],
  ])('refuses Content-Type %s, and repeats it only where it is one', async (contentType, message) => {
    expect(await read('{}', contentType)).toEqual({ status: 415, code: 'unsupportedMediaType', message });
  });
});
