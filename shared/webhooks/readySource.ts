import type { KeyObject } from 'node:crypto';
import { expressionFault } from './expressionFault';
import { LOOPBACK_HOST } from './fetchUrl';
import { EVENT_ID_HEADERS, type HmacScheme, PRESETS } from './presets';
import { type Environment, type SecretForm, isUnresolved, readKey } from './secretKeys';
import { isHeaderSigned, isTimestampSigned, parseSignedContent } from './signedContent';
import type { Source, Verification } from './source';
import type { FetchDescription, WrittenSource } from './sourceSchema';

export type ReadySource = { ok: true; source: Source } | { ok: false; faults: string[] };

/** What HiBob posts, as JSON and as text, to see whether an address answers. */
const HIBOB_PINGS = ['Ping test', '"Ping test"', '{"text":"Ping test"}'];

/** Puts secrets and known schemes into a source as it is written, and checks what only shows then. */
export function readySource(name: string, written: WrittenSource, environment: Environment): ReadySource {
  const faults: string[] = [];
  const verification = verificationOf(written, environment, faults);
  const eventId = written.eventId ?? headerOf(written.verification.type);
  faults.push(
    ...expressionFaults(written),
    ...replayFaults(verification, eventId),
    ...fetchFaults(written, environment),
  );
  if (faults.length > 0) return { ok: false, faults: faults.map((fault) => `${name}: ${fault}`) };
  const source: Source = {
    name,
    verification,
    format: written.format,
    pings: written.verification.type === 'hiBob' ? HIBOB_PINGS : [],
    mapping: written.mapping,
    ...(written.filter === undefined ? {} : { filter: written.filter }),
    ...(eventId === undefined ? {} : { eventId }),
    ...(written.fetch === undefined ? {} : { fetch: written.fetch }),
  };
  return { ok: true, source };
}

const headerOf = (type: string): { header: string } | undefined => {
  const header = EVENT_ID_HEADERS[type];
  return header === undefined ? undefined : { header };
};

function verificationOf(
  { verification: written }: WrittenSource,
  environment: Environment,
  faults: string[],
): Verification {
  const keys = (secrets: string[], form: SecretForm): KeyObject[] =>
    secrets.flatMap((setting) => {
      const read = readKey(setting, environment, form);
      if (read.ok) return [read.key];
      faults.push(`verification.secrets: ${read.fault}`);
      return [];
    });
  switch (written.type) {
    case 'caller':
      return written;
    case 'basic':
      return { type: 'basic', keys: keys(written.secrets, { encoding: 'utf8', before: `${written.username}:` }) };
    case 'token': {
      const { secrets, ...where } = written;
      return { ...where, keys: keys(secrets, { encoding: 'utf8' }) };
    }
    default: {
      const { secrets, tolerance: toleranceMs } = written;
      const scheme: HmacScheme = written.type === 'hmac' ? written : PRESETS[written.type];
      return {
        type: 'hmac',
        scheme,
        signedContent: contentOf(scheme),
        toleranceMs,
        keys: keys(secrets, { encoding: scheme.secretEncoding, prefix: scheme.secretPrefix }),
      };
    }
  }
}

function contentOf({ signedContent }: HmacScheme) {
  const content = parseSignedContent(signedContent);
  if (typeof content === 'string') throw new Error(`signedContent ${content}; the schema lets no such source through.`);
  return content;
}

/**
 * What is not signed can be changed by somebody who replays a request: a timestamp then proves nothing, and an event id
 * makes the replay look like another event.
 */
function replayFaults(verification: Verification, eventId: Source['eventId']): string[] {
  if (verification.type !== 'hmac') return [];
  const { scheme, signedContent } = verification;
  const anybody = 'so anybody can change it';
  return [
    ...(isTimestampSigned(signedContent) === (scheme.timestamp !== undefined)
      ? []
      : [
          `verification: timestamp and {timestamp} in signedContent belong together; otherwise it is not signed, ${anybody}`,
        ]),
    ...(typeof eventId === 'object' && !isHeaderSigned(signedContent, eventId.header)
      ? [`eventId: header ${eventId.header} is not signed, ${anybody}; leave eventId out or take it from the payload`]
      : []),
  ];
}

const expressionFaults = ({ filter, eventId, mapping }: WrittenSource): string[] =>
  Object.entries({ filter, eventId, mapping }).flatMap(([name, expression]) => {
    const fault = typeof expression === 'string' ? expressionFault(expression) : undefined;
    return fault === undefined ? [] : [`${name} is not JSONata: ${fault}`];
  });

/** The secrets of a fetch are read when it fetches; whether they are there is told now. */
function fetchFaults({ fetch }: WrittenSource, environment: Environment): string[] {
  const isHere = fetch?.allowedHosts.includes(LOOPBACK_HOST) === true;
  const astray =
    isHere && !isOnOneMachine(environment)
      ? [`fetch.allowedHosts: ${LOOPBACK_HOST} is for one machine only, where GRAPH_BASE_URL names a simulator on it`]
      : [];
  return [...astray, ...missingSecrets(fetch, environment)];
}

const isOnOneMachine = ({ GRAPH_BASE_URL = '' }: Environment): boolean =>
  /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/.test(GRAPH_BASE_URL);

function missingSecrets(fetch: WrittenSource['fetch'], environment: Environment): string[] {
  return Object.entries(settingsOf(fetch?.authorization))
    .filter(([, setting]) => (environment[setting] ?? '') === '' || isUnresolved(environment[setting] ?? ''))
    .map(([property, setting]) => `fetch.authorization.${property}: ${setting} is not set, or not resolved`);
}

function settingsOf(authorization: FetchDescription['authorization']): Record<string, string> {
  switch (authorization?.type) {
    case undefined:
      return {};
    case 'basic':
      return { username: authorization.username, secret: authorization.secret };
    case 'header':
      return { secret: authorization.secret };
    case 'clientCredentials':
      return { clientId: authorization.clientId, secret: authorization.secret };
  }
}
