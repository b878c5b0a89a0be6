import { HttpRequest, InvocationContext } from '@azure/functions';
import { answering } from '../../../../shared/http/answering';
import { functionRun } from '../../../../shared/telemetry/functionRun';
import { errorAnswer } from '../../../../shared/http/errors';
import { SettingsError } from '../../../../shared/settings';
import { TablesUnavailableError } from '../../../../shared/tables/tablesError';

const request = new HttpRequest({ method: 'GET', url: 'http://127.0.0.1/api/invitations/1' });

async function answerTo(error: Error) {
  const logged: unknown[] = [];
  const context = new InvocationContext({ logHandler: (_level, ...words) => logged.push(...words) });
  const answer = await functionRun(answering(() => Promise.reject(error)))(request, context);
  return { answer, logged };
}

describe('an error', () => {
  it('has a code in its header too, and what helps to mend it', () => {
    const details = [{ code: 'required', message: 'x is required.', target: 'x' }];
    expect(errorAnswer(400, 'invalidRequest', 'No.', { target: 'x', details, retryAfterSeconds: 7 })).toEqual({
      status: 400,
      headers: { 'x-ms-error-code': 'invalidRequest', 'Retry-After': '7' },
      jsonBody: { error: { code: 'invalidRequest', message: 'No.', target: 'x', details } },
    });
  });

  it('has nothing that it does not need', () => {
    expect(errorAnswer(404, 'notFound', 'No.')).toEqual({
      status: 404,
      headers: { 'x-ms-error-code': 'notFound' },
      jsonBody: { error: { code: 'notFound', message: 'No.' } },
    });
  });
});

it('hands on what the handler answers', async () => {
  const handler = answering(() => Promise.resolve({ status: 204 }));
  expect(await handler(request, new InvocationContext())).toEqual({ status: 204 });
});

it('answers 503 with Retry-After while tables are away, and logs which call it was', async () => {
  const { answer, logged } = await answerTo(new TablesUnavailableError('read invitation', new Error('ECONNREFUSED')));
  expect(answer).toMatchObject({
    status: 503,
    headers: { 'Retry-After': '5', 'x-ms-error-code': 'tablesUnavailable' },
  });
  expect(logged.map((line) => JSON.parse(String(line)) as unknown)).toEqual([
    {
      event: 'unavailable',
      message: 'Table Storage did not answer (read invitation): ECONNREFUSED',
      errorCode: 'tablesUnavailable',
    },
  ]);
});

it('answers 503 while the settings are wrong: the log names them, the answer does not', async () => {
  const { answer, logged } = await answerTo(new SettingsError(['HASH_KEY is not set: it should be a secret']));
  expect(answer).toMatchObject({ status: 503, headers: { 'x-ms-error-code': 'misconfigured' } });
  expect(JSON.stringify(answer)).not.toContain('HASH_KEY');
  expect(logged.join()).toContain('HASH_KEY is not set');
});

it('throws on what it does not know', async () => {
  await expect(answerTo(new TypeError('oops'))).rejects.toThrow('oops');
});
