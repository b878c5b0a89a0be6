import { execFile } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const SAMPLES = 'samples/webhooks';

const run = (options: string[], input = '', settings: Record<string, string> = {}) =>
  new Promise<{ code: number; output: string; errors: string }>((resolve) => {
    const env = { INVITE_REDIRECT_URL: 'https://myapp.contoso.com', ...settings };
    const command = [join(ROOT, 'dist/tools/map.js'), ...options];
    const child = execFile(process.execPath, command, { env, cwd: ROOT }, (_error, output, errors) => {
      resolve({ code: child.exitCode ?? -1, output, errors });
    });
    child.stdin?.end(input);
  });

const sourcesOf = (name: string): string[] => ['--sources', `${SAMPLES}/${name}/source.json`];

describe('npm run map', () => {
  it('shows the actions of a payload', async () => {
    const { code, output } = await run([...sourcesOf('basic'), `${SAMPLES}/basic/payload.json`]);
    expect({ code, output }).toEqual({
      code: 0,
      output: [
        'Event id: e-1001',
        '',
        '1. replace irvin.sayers@fabrikam.com',
        '   {',
        '     "invitedUserEmailAddress": "irvin@fabrikam.com",',
        '     "source": "basic"',
        '   }',
        '',
      ].join('\n'),
    });
  });

  it('takes the sources of the setting, and needs a name where there are several', async () => {
    const source = { verification: { type: 'gitHub', secrets: ['NOT_SET_HERE'] }, mapping: '{}' };
    const SOURCES = JSON.stringify({ one: source, two: source });
    expect(await run(['-'], '{}', { SOURCES })).toMatchObject({
      code: 2,
      errors: 'Give --source: there are one, two.\n',
    });
    expect(await run(['--source', 'three', '-'], '{}', { SOURCES })).toMatchObject({
      code: 2,
      errors: 'There is no source three: there are one, two.\n',
    });
    expect(await run(['--source', 'two', '-'], '{}', { SOURCES })).toMatchObject({
      code: 1,
      output: expect.stringContaining('✗ invitedUserEmailAddress is required.') as string,
    });
  });

  it('says what is to be fetched, and maps what was', async () => {
    const options = [...sourcesOf('hibob'), `${SAMPLES}/hibob/payload.json`];
    expect(await run(options)).toMatchObject({
      code: 0,
      output: expect.stringContaining('Fetches:  https://api.hibob.com/v1/people/3332883854254932743\n') as string,
    });
    const { output } = await run([...options, '--json', '--fetched', `${SAMPLES}/hibob/fetched.json`]);
    expect(JSON.parse(output)).toMatchObject({ results: [{ mapped: { actions: [{ action: 'invite' }] } }] });
  });

  it('shows a person what broke, and where', async () => {
    const input = '{"event":"HIRE","records":[{"userId":"1","startDate":{}}]}';
    expect(await run([...sourcesOf('successfactors'), '-'], input)).toMatchObject({
      code: 1,
      output: expect.stringMatching(
        /^Event id: .*\nBroken: mapping fails with T0410 at character \d+ \(match\)\.\n/,
      ) as string,
    });
  });

  it.each([
    ['{"event":"TRANSFER"}', 0, 'Ignored: the filter does not want it.\n'],
    ['{"event":"HIRE","records":[]}', 1, expect.stringContaining('Nothing: the mapping makes nothing of it.')],
  ])('of %s exits with %i', async (input, code, output) => {
    expect(await run([...sourcesOf('successfactors'), '-'], input)).toMatchObject({ code, output: output as string });
  });

  it('can’t read what is no JSON', async () => {
    expect(await run([...sourcesOf('basic'), '-'], '<xml/>')).toEqual({
      code: 2,
      output: '',
      errors: 'The payload can’t be read: notJson.\n',
    });
  });
});
