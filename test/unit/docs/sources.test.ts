import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PRESET_NAMES } from '../../../shared/webhooks/presets';
import { readSources } from '../../../shared/webhooks/readSources';

const root = join(__dirname, '../../..');
const page = readFileSync(join(root, 'docs/sources.md'), 'utf8');
const list = readFileSync(join(root, 'samples/webhooks/README.md'), 'utf8');
const samples = readdirSync(join(root, 'samples/webhooks'), { withFileTypes: true }).filter((one) => one.isDirectory());

describe('docs/sources.md', () => {
  it.each(samples.map(({ name }) => name))('and the list of samples lead to %s', (name) => {
    expect(page).toContain(`(../samples/webhooks/${name}/)`);
    expect(list).toContain(`[${name}](${name}/)`);
  });

  it.each([...PRESET_NAMES, 'hmac', 'basic', 'token', 'caller'])('names verification type %s', (type) => {
    expect(page).toContain(`\`${type}\``);
  });

  it('shows descriptions that the app takes', () => {
    const [verification = '', fetch = ''] = [...page.matchAll(/```json\n([^`]+)```/g)].map(([, text = '']) => text);
    const source = `{"s":{"verification":${verification},${fetch},"mapping":"fetched"}}`;
    const secrets = { SENDER_SECRET: 'sixteen-or-more-characters', HIBOB_SERVICE_USER: 'a', HIBOB_SERVICE_TOKEN: 'b' };
    expect(readSources(source, secrets).get('s')?.fetch?.url).toBe('https://api.hibob.com/v1/people/{data.employeeId}');
  });
});
