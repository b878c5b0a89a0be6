import { SETTING_NAMES } from '../../shared/settings';

/** Days become seconds. The lease is three times the call's timeout, as it must be. */
const SHORT = {
  HASH_KEY: 'for-the-demo-only',
  INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
  REMIND_AFTER: 'PT8S,PT16S',
  EXPIRE_AFTER: 'PT22S',
  CHECK_REDEMPTION_EVERY: 'PT3S',
  GRAPH_CALL_TIMEOUT: 'PT2S',
  SEND_LEASE: 'PT6S',
  RESOLVE_AFTER: 'PT4S',
  WAKE_SCHEDULE: '*/5 * * * * *',
  SYNC_SCHEDULE: '*/10 * * * * *',
  LINKEDIN_INVITATIONS: 'on',
};

/** Settings by which a part of the app finds a service that is not of this demo. */
const NAME_A_SERVICE = /Connection|^AzureWebJobsStorage|^GRAPH_BASE_URL$/;

/**
 * Makes `environment` the demo's own: whatever the app would read is taken out, so that no real service is ever spoken
 * to, and the short settings are put in. Gives the names of those that named a service.
 */
export function useDemoSettings(environment: NodeJS.ProcessEnv): string[] {
  const given = SETTING_NAMES.filter((name) => (environment[name] ?? '') !== '');
  for (const name of SETTING_NAMES) Reflect.deleteProperty(environment, name);
  Object.assign(environment, SHORT);
  return given.filter((name) => NAME_A_SERVICE.test(name));
}
