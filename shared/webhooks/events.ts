import { parseExactly } from '../domain/exactJson';
import type { Source } from './source';
import type { WebhookRequest } from './verify';

/** The most events that one request may bring. */
const MOST_EVENTS = 1000;

/** The events of a body, each as a JSON text of its own, or why there are none. */
export type ReadEvents =
  { ok: true; events: string[] } | { ok: false; reason: 'notUtf8' | 'notJson' | 'noEvents' | 'tooManyEvents' };

/**
 * Takes a verified body apart: Event Grid and CloudEvents' batches bring several events; CloudEvents' binary mode
 * becomes the structured form. Whole numbers beyond 2^53 become texts, since JSONata would round them, and ids are made
 * of them.
 */
export function readEvents({ format }: Pick<Source, 'format'>, { headers, rawBody }: WebhookRequest): ReadEvents {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(rawBody);
  } catch {
    return { ok: false, reason: 'notUtf8' };
  }
  if (format.type === 'cloudEvents' && isBinaryMode(headers))
    return { ok: true, events: [asText(fromBinaryMode(headers, text))] };
  let body: unknown;
  try {
    body = parseExactly(text);
  } catch {
    return { ok: false, reason: 'notJson' };
  }
  if (format.type === 'json' || !Array.isArray(body)) return { ok: true, events: [asText(body)] };
  if (body.length === 0) return { ok: false, reason: 'noEvents' };
  return body.length > MOST_EVENTS ? { ok: false, reason: 'tooManyEvents' } : { ok: true, events: body.map(asText) };
}

const asText = (value: unknown): string =>
  JSON.stringify(value, (_key, entry: unknown) => (typeof entry === 'bigint' ? String(entry) : entry));

/** JSON as events are given it, with every digit; undefined for what is no JSON in UTF-8. */
export function exactText(bytes: Uint8Array): string | undefined {
  try {
    return asText(parseExactly(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return undefined;
  }
}

const ATTRIBUTES = ['specversion', 'id', 'source', 'type', 'subject', 'time', 'dataschema'] as const;

/** https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode */
const isBinaryMode = (headers: WebhookRequest['headers']): boolean => headers.get('ce-specversion') !== null;

function fromBinaryMode(headers: WebhookRequest['headers'], text: string): Record<string, unknown> {
  const given = ATTRIBUTES.flatMap((name) => {
    const value = headers.get(`ce-${name}`);
    return value === null ? [] : [[name, unescape(value)] as const];
  });
  const contentType = headers.get('content-type');
  return {
    ...Object.fromEntries(given),
    ...(contentType === null ? {} : { datacontenttype: contentType }),
    ...(text === '' ? {} : { data: dataOf(text) }),
  };
}

function dataOf(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return text;
  }
}

function unescape(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
