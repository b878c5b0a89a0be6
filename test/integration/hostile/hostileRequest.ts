import { Agent, request as send } from 'node:http';
import fc from 'fast-check';
import { badBody, soundBody } from './hostileBody';
import { headerText, nastyText } from './hostileText';

export interface HostileRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Buffer;
}

export interface HostileAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Few enough keys that many are used twice, some for the same body. */
const key = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 150 }).map((number) => `key-${number}`) },
  { weight: 1, arbitrary: headerText },
);

const post = (headers: Record<string, string>, body: string | Buffer): HostileRequest => ({
  method: 'POST',
  path: '/api/invitations',
  headers,
  body,
});

const sound = soundBody.map((body) => post(JSON_TYPE, JSON.stringify(body)));

const soundUnderKey = fc
  .tuple(soundBody, key)
  .map(([body, text]) => post({ ...JSON_TYPE, 'Idempotency-Key': text }, JSON.stringify(body)));

const bad = badBody.map((body) => post(JSON_TYPE, body));

const oddHeaders = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(
        'text/csv',
        'application/JSON; charset=utf-16',
        'application/cloudevents+json',
        'application/jsonx',
        'multipart/form-data; boundary=x',
        '',
      ),
      headerText,
    ),
    fc.dictionary(
      fc.constantFrom('X-Forwarded-Host', 'traceparent', 'Accept', 'Cookie', 'Expect-CT', 'If-Match'),
      headerText,
    ),
    fc.oneof(
      badBody,
      soundBody.map((body) => JSON.stringify(body)),
    ),
  )
  .map(([type, more, body]) => post({ ...more, 'Content-Type': type }, body));

const ODD_IDS = [
  '..',
  '%2e%2e%2f%2e%2e%2fadmin',
  '%00',
  '%zz',
  '%',
  '%c0%ae',
  'a%2Fb',
  'a%5Cb',
  'a%23b%3Fc',
  'constructor',
  '__proto__',
  "01900000-0000-7000-8000-0000000000'0",
  '01900000-0000-7000-8000-0000000000%270',
  '01900000-0000-7000-8000-000000000000',
  '01900000-0000-7000-8000-0000000000ff',
  'anna@fabrikam.com',
  'x'.repeat(8_000),
];

const REFUSED_IN_PATHS = /[^\x21-\x7e]/g;
const oddId = fc.oneof(
  fc.constantFrom(...ODD_IDS),
  nastyText.map((text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '?')).slice(0, 9_000)),
  nastyText.map((text) => text.replace(REFUSED_IN_PATHS, '~').slice(0, 9_000)),
);

const ACTIONS = ['resend', 'revoke', 'retry', 'confirmSent', 'resetRedemption', 'redeemUrl'];

/** Questions and decisions about ids that exist (`known` picks one) and ids that never did. */
const about = (known: () => string[]) =>
  fc
    .record({
      id: fc.oneof(fc.nat(), oddId),
      action: fc.constantFrom(undefined, undefined, ...ACTIONS),
      headers: fc.oneof(
        fc.constant({}),
        key.map((text) => ({ 'Idempotency-Key': text })),
        headerText.map((text) => ({ 'If-None-Match': text })),
      ),
    })
    .map(({ id, action, headers }): HostileRequest => {
      const ids = known();
      const text = typeof id === 'number' ? (ids[id % Math.max(ids.length, 1)] ?? 'none') : id;
      return action === undefined
        ? { method: 'GET', path: `/api/invitations/${text}`, headers }
        : { method: 'POST', path: `/api/invitations/${text}/${action}`, headers };
    });

const LIST_PARAMETERS = ['status', 'kind', 'email', 'source', 'externalId', 'createdAfter', 'createdBefore'];

/** Lists by a person's address, and what is no query of a list: a list of all reads too much for this many requests. */
const lists = fc
  .tuple(
    fc.constantFrom('', 'email=anna@fabrikam.com&', "email=o'brien1@fabrikam.com&maxpagesize=2&"),
    fc.array(
      fc.tuple(fc.oneof(fc.constantFrom(...LIST_PARAMETERS, 'maxpagesize', 'skiptoken'), nastyText), nastyText),
      { maxLength: 4 },
    ),
  )
  .map(([sound, odd]): HostileRequest => {
    const query = odd.map((pair) =>
      pair.map((text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '?'))).join('='),
    );
    const nothing = sound === '' && query.length === 0 ? 'maxpagesize=none' : '';
    return { method: 'GET', path: `/api/invitations?${sound}${query.join('&')}${nothing}`, headers: {} };
  });

/** More than a third are sound, so that a fifth are new persons that are taken. */
export const hostileRequest = (known: () => string[]): fc.Arbitrary<HostileRequest> =>
  fc.oneof(
    { weight: 30, arbitrary: sound },
    { weight: 8, arbitrary: soundUnderKey },
    { weight: 40, arbitrary: bad },
    { weight: 7, arbitrary: oddHeaders },
    { weight: 15, arbitrary: about(known) },
    { weight: 4, arbitrary: lists },
  );

/** A caller whose header values are sent byte for byte, over a few connections that stay open. */
export function makeSender(port: number, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const ask = ({ method, path, headers, body }: HostileRequest): Promise<HostileAnswer> =>
    new Promise((resolve, reject) => {
      const request = send({ agent, port, host: '127.0.0.1', method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      });
      request.on('error', reject);
      request.end(body);
    });
  return { ask, close: () => agent.destroy() };
}
