import { useDemoSettings } from '../../../../local/demo/settings';
import { readSettings } from '../../../../shared/settings';

describe('useDemoSettings', () => {
  it('takes out everything that names a service, and says which', () => {
    const environment: NodeJS.ProcessEnv = {
      TablesConnection: 'AccountName=real',
      TablesConnection__tableServiceUri: 'https://real.table.core.windows.net',
      ServiceBusConnection: '',
      GRAPH_BASE_URL: 'https://graph.microsoft.com',
      PATH: '/usr/bin',
    };
    expect(useDemoSettings(environment)).toEqual([
      'TablesConnection',
      'TablesConnection__tableServiceUri',
      'GRAPH_BASE_URL',
    ]);
    expect(environment['PATH']).toBe('/usr/bin');
    expect(Object.keys(environment).filter((name) => /Connection|GRAPH_BASE_URL/.test(name))).toEqual([]);
  });

  it('takes out settings that would change what comes out, without a word', () => {
    const environment: NodeJS.ProcessEnv = { ALLOWED_EMAIL_DOMAINS: 'nobody.example', AMBIGUOUS_SENDS: 'strict' };
    expect(useDemoSettings(environment)).toEqual([]);
    expect(environment).not.toHaveProperty('ALLOWED_EMAIL_DOMAINS');
    expect(environment).not.toHaveProperty('AMBIGUOUS_SENDS');
  });

  it('leaves a valid configuration once the stand-ins have filled in theirs', () => {
    const environment: NodeJS.ProcessEnv = { REMIND_AFTER: 'P3D' };
    useDemoSettings(environment);
    const settings = readSettings({ ...environment, TablesConnection: 'x', ServiceBusConnection: 'x' });
    expect(settings.REMIND_AFTER).toEqual(['PT8S', 'PT16S']);
    expect(settings.EXPIRE_AFTER).toBe('PT22S');
  });
});
