import { type KeyObject, createSecretKey } from 'node:crypto';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The same as for HASH_KEY: shorter ones can be guessed. */
const LEAST_CHARACTERS = 16;

export type ReadKey = { ok: true; key: KeyObject } | { ok: false; fault: string };

export interface SecretForm {
  encoding: 'utf8' | 'hex' | 'base64';
  /** Left out of the text before it is decoded, where it is there. */
  prefix?: string | undefined;
  /** Put before the text: a user name. */
  before?: string;
}

const FORMS = {
  hex: /^(?:[0-9a-f]{2})+$/i,
  base64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/,
};

/**
 * What App Service leaves in place of a secret that it could not read. It would pass for one that anybody can guess.
 * @see https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#troubleshoot-key-vault-references
 */
export const isUnresolved = (value: string): boolean => value.startsWith('@Microsoft.KeyVault(');

/** The secret that a setting holds. A fault says what is wrong and never what the secret is. */
export function readKey(setting: string, environment: Environment, form: SecretForm): ReadKey {
  const value = environment[setting];
  const should = `it should hold a secret of ${LEAST_CHARACTERS} characters or more`;
  if (value === undefined || value === '') return { ok: false, fault: `${setting} is not set: ${should}` };
  if (isUnresolved(value))
    return { ok: false, fault: `${setting} is a Key Vault reference that was not resolved: ${should}` };
  if (value.length < LEAST_CHARACTERS) return { ok: false, fault: `${setting} is too short: ${should}` };
  if (form.encoding === 'utf8') return keyOf(Buffer.from((form.before ?? '') + value));
  const text = form.prefix !== undefined && value.startsWith(form.prefix) ? value.slice(form.prefix.length) : value;
  if (text === '' || !FORMS[form.encoding].test(text)) {
    return { ok: false, fault: `${setting} is not valid: it should hold a secret in ${form.encoding}` };
  }
  return keyOf(Buffer.from(text, form.encoding));
}

const keyOf = (bytes: Buffer): ReadKey => ({ ok: true, key: createSecretKey(bytes) });
