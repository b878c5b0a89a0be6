import type { Source } from './source';
import { type WebhookRequest, verify } from './verify';

/** A finished answer to a request that is no event. */
export interface HandshakeAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/**
 * Answers what senders ask before they send events: CloudEvents' OPTIONS, Event Grid's SubscriptionValidation, HiBob's
 * ping. Undefined when the request is none of these, so it is to be verified and mapped. Pure.
 *
 * No handshake shows who somebody is. Event Grid's is answered only to a request that verifies, so its secret has to be
 * where Event Grid sends it with the handshake too: in the query.
 */
export function answerHandshake(
  source: Source,
  request: WebhookRequest & { method: string; now: Date; isCallerKnown?: boolean },
): HandshakeAnswer | undefined {
  if (request.method === 'OPTIONS') return answerOptions(source, request.headers);
  if (source.format.type === 'eventGrid' && isValidation(request.headers)) {
    return verify(source, request).ok ? answerValidation(request.rawBody) : { status: 401 };
  }
  return source.pings.includes(Buffer.from(request.rawBody).toString('utf8').trim()) ? { status: 200 } : undefined;
}

/** https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md#4-abuse-protection */
function answerOptions({ format }: Source, headers: WebhookRequest['headers']): HandshakeAnswer {
  const origin = headers.get('webhook-request-origin')?.toLowerCase();
  const allow = { Allow: 'POST' };
  if (format.type !== 'cloudEvents' || origin === undefined) return { status: 200, headers: allow };
  if (!format.allowedOrigins.includes(origin)) return { status: 403, headers: allow };
  return {
    status: 200,
    headers: {
      ...allow,
      'WebHook-Allowed-Origin': origin,
      'WebHook-Allowed-Rate': format.allowedRate === undefined ? '*' : String(format.allowedRate),
    },
  };
}

const isValidation = (headers: WebhookRequest['headers']): boolean =>
  headers.get('aeg-event-type')?.toLowerCase() === 'subscriptionvalidation';

/** https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema */
function answerValidation(rawBody: Uint8Array): HandshakeAnswer {
  const code = validationCode(rawBody);
  return code === undefined ? { status: 400 } : { status: 200, body: { validationResponse: code } };
}

function validationCode(rawBody: Uint8Array): string | undefined {
  try {
    const [event] = JSON.parse(Buffer.from(rawBody).toString('utf8')) as [{ data?: { validationCode?: unknown } }];
    const code = event.data?.validationCode;
    return typeof code === 'string' && /^[\w-]{1,100}$/.test(code) ? code : undefined;
  } catch {
    return undefined;
  }
}
