import { connectionOf, resolveSettings } from '../../../../local/functionsHost/settings';

const settings: Record<string, string> = {
  QUEUE: 'invitations',
  EMPTY: '',
  Bus: 'Endpoint=sb://localhost',
  Cloud__fullyQualifiedNamespace: 'x.servicebus.windows.net',
};
const settingOf = (name: string) => settings[name];

describe('resolveSettings', () => {
  it.each([
    ['invitations', 'invitations'],
    ['%QUEUE%', 'invitations'],
    ['my-%QUEUE%-%QUEUE%', 'my-invitations-invitations'],
    ['%EMPTY%', ''],
  ])('makes "%s" "%s"', (text, expected) => {
    expect(resolveSettings(text, settingOf)).toBe(expected);
  });

  it('names the setting that has no value', () => {
    expect(() => resolveSettings('%MISSING%', settingOf)).toThrow(
      'The setting MISSING, which "%MISSING%" refers to, has no value.',
    );
  });
});

describe('connectionOf', () => {
  it('gives the connection string', () => {
    expect(connectionOf('Bus', settingOf)).toBe('Endpoint=sb://localhost');
  });

  it('says that a managed identity needs Azure', () => {
    expect(() => connectionOf('Cloud', settingOf)).toThrow('set Cloud to a connection string');
  });

  it('names the setting that is missing', () => {
    expect(() => connectionOf('None', settingOf)).toThrow('The setting None has no value');
  });
});
