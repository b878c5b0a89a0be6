import { RestError } from '@azure/data-tables';
import { TablesUnavailableError, calling, readOrUndefined, refusalOf } from '../../../../shared/tables/tablesError';

const refusal = (statusCode: number) => new RestError('refused', { statusCode });
const failing = (error: Error) => (): Promise<number> => Promise.reject(error);

it.each([400, 404, 409, 412, 413])('takes a %i for a refusal and hands it on as it is', async (status) => {
  expect(refusalOf(refusal(status))).toBe(status);
  await expect(calling('write', failing(refusal(status)))).rejects.toBeInstanceOf(RestError);
});

it.each([
  ['408', refusal(408)],
  ['429', refusal(429)],
  ['500', refusal(500)],
  ['503', refusal(503)],
  // A role that was just assigned takes minutes to work, and a key that was rolled is a matter of the settings.
  ['401', refusal(401)],
  ['403', refusal(403)],
  ['a broken connection', new RestError('reset', { code: 'ECONNRESET' })],
  ['anything else', new TypeError('oops')],
])('takes %s for tables that are away', async (_what, error) => {
  expect(refusalOf(error)).toBeUndefined();
  const caught = await calling('write invitation', failing(error)).catch((each: unknown) => each);
  expect(caught).toBeInstanceOf(TablesUnavailableError);
  expect(caught).toMatchObject({ code: 'tablesUnavailable', retryable: true, cause: error });
  expect(String(caught)).toContain('write invitation');
});

it('reads “not there” as undefined and nothing else', async () => {
  expect(await readOrUndefined('read', failing(refusal(404)))).toBeUndefined();
  expect(await readOrUndefined('read', () => Promise.resolve(7))).toBe(7);
  await expect(readOrUndefined('read', failing(refusal(400)))).rejects.toBeInstanceOf(RestError);
  await expect(readOrUndefined('read', failing(refusal(500)))).rejects.toBeInstanceOf(TablesUnavailableError);
});
