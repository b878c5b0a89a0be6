import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { logEvent } from '../telemetry/log';
import { type ErrorAnswer, errorAnswer } from './errors';

/** The most that a webhook may bring; senders of batches can be told to make them smaller. */
export const MOST_WEBHOOK_BYTES = 256 * 1024;

interface RequestParts {
  method: string;
  headers: Pick<Headers, 'get'>;
  query: Pick<URLSearchParams, 'get'>;
  rawBody: Uint8Array;
}

type Unreadable = 'notUtf8' | 'notJson' | 'tooManyEvents' | 'tooLarge';

/** What became of it, as the workflow's `receiveWebhook` says. */
type ReceivedWebhook =
  | { type: 'unknownSource' }
  | { type: 'handshake'; answer: { status: number; headers?: Record<string, string>; body?: unknown } }
  | { type: 'refused'; reason: string; asksForBasic: boolean }
  | { type: 'unreadable'; reason: Unreadable }
  | { type: 'received'; accepted: number; ignored: number };

/**
 * The shell of POST /webhooks/{source}: 202 once every event that counts is stored, 401 that tells nothing more, 404, 413,
 * and 400 for a body that verifies and is no JSON.
 */
export async function answerWebhook(
  request: HttpRequest,
  receive: (source: string, parts: RequestParts) => Promise<ReceivedWebhook>,
): Promise<HttpResponseInit> {
  const { method, headers, query, params } = request;
  if (Number(headers.get('content-length')) > MOST_WEBHOOK_BYTES) return TOO_LARGE;
  const rawBody = new Uint8Array(await request.arrayBuffer());
  if (rawBody.byteLength > MOST_WEBHOOK_BYTES) return TOO_LARGE;
  const source = params['source'] ?? '';
  const received = await receive(source, { method, headers, query, rawBody });
  switch (received.type) {
    case 'unknownSource':
      return errorAnswer(404, 'unknownSource', 'There is no webhook source of this name.', { target: 'source' });
    case 'handshake': {
      const { status, headers: answered = {}, body } = received.answer;
      return { status, headers: answered, ...(body === undefined ? {} : { jsonBody: body }) };
    }
    case 'refused':
      logEvent(
        'webhookRefused',
        `A webhook for source ${source} was refused (${received.reason}). Nothing of it is kept.`,
        {
          source,
          errorCode: received.reason,
        },
      );
      return refusal(received.asksForBasic);
    case 'unreadable':
      logEvent('webhookRefused', `A webhook of source ${source} verifies and can’t be read (${received.reason}).`, {
        source,
        errorCode: received.reason,
      });
      return unreadable(received.reason);
    case 'received':
      return { status: 202, jsonBody: { accepted: received.accepted, ignored: received.ignored } };
  }
}

/** Some senders send name and password only when they are asked for them (RFC 7617). */
function refusal(asksForBasic: boolean): ErrorAnswer {
  const answer = errorAnswer(401, 'notVerified', 'Nothing shows that this request comes from the source.');
  return asksForBasic
    ? { ...answer, headers: { ...answer.headers, 'WWW-Authenticate': 'Basic realm="webhooks"' } }
    : answer;
}

const TOO_LARGE = errorAnswer(413, 'bodyTooLarge', `A webhook may have ${MOST_WEBHOOK_BYTES} bytes at most.`);

function unreadable(reason: Unreadable): ErrorAnswer {
  switch (reason) {
    case 'notUtf8':
      return errorAnswer(400, 'invalidJson', 'The body is not UTF-8 text.');
    case 'notJson':
      return errorAnswer(400, 'invalidJson', 'The body is not JSON; let the sender send JSON.');
    case 'tooManyEvents':
      return errorAnswer(413, 'bodyTooLarge', 'A batch may have 1,000 events at most.');
    case 'tooLarge':
      return TOO_LARGE;
  }
}
