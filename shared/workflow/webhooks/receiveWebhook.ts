import { createHmac, randomUUID } from 'node:crypto';
import { sha256 } from '../../domain/ids';
import { type Instant, addMs, toMs } from '../../domain/time';
import { receivedEvent } from '../../domain/webhookEvent';
import type { WebhookHintSender } from '../../queue/hintSender';
import type { WebhookHint } from '../../queue/webhookHints';
import { MOST_CONTENT_BYTES } from '../../tables/webhookEventEntity';
import type { WebhookContent, WebhookEvents } from '../../tables/webhookEvents';
import { currentTrace } from '../../telemetry/invocation';
import { type ReadEvents, readEvents } from '../../webhooks/events';
import { type HandshakeAnswer, answerHandshake } from '../../webhooks/handshake';
import { selectEvent } from '../../webhooks/mapEvent';
import type { Sandbox } from '../../webhooks/sandbox';
import type { Source, Sources } from '../../webhooks/source';
import { type Refusal, type WebhookRequest, verify } from '../../webhooks/verify';
import { someAtOnce } from '../someAtOnce';

export interface ReceiveParts {
  sources: Sources;
  webhookEvents: Pick<WebhookEvents, 'create'>;
  hints: Pick<WebhookHintSender, 'send'>;
  sandbox: Sandbox;
  hashKey: string;
  now: () => Instant;
}

export interface ReceivedRequest extends WebhookRequest {
  method: string;
  /** The sender may do what POST /invitations asks a caller's rights for. */
  isCallerKnown: boolean;
}

export type Unreadable = Exclude<Extract<ReadEvents, { ok: false }>['reason'], 'noEvents'> | 'tooLarge';

export type Received =
  | { type: 'unknownSource' }
  | { type: 'handshake'; answer: HandshakeAnswer }
  | { type: 'refused'; reason: Refusal; asksForBasic: boolean }
  | { type: 'unreadable'; reason: Unreadable }
  /** `accepted` are stored, now or when they came before; `ignored` are those that the filter does not want. */
  | { type: 'received'; accepted: number; ignored: number };

/**
 * Takes a webhook: handshake → signature → events → one transaction each → hints. When it returns `received`, every event
 * that counts is stored, whatever happens next; the queue function does the rest. An event that came before is left as it
 * is. Throws `TablesUnavailableError`; what was stored by then is found again when the sender repeats the request.
 */
export function makeReceiveWebhook({ sources, webhookEvents, hints, sandbox, hashKey, now }: ReceiveParts) {
  /** Keyed, because ids of events hold whatever a source names people by. */
  const keyOf = (source: string, eventId: string): string =>
    createHmac('sha256', hashKey).update(`webhook event:${source}\n${eventId}`).digest('hex').slice(0, 32);

  /** Undefined where the filter does not want it. What can't be told now is found out by the queue function. */
  const idOf = async (
    source: Source,
    event: string,
    headers: WebhookRequest['headers'],
  ): Promise<string | undefined> => {
    const selected = await selectEvent(source, event, { headers, sandbox });
    if (selected.type === 'ignored') return undefined;
    return selected.type === 'selected' ? selected.eventId : `sha256-${sha256(event)}`;
  };

  async function store(source: Source, contents: WebhookContent[], headers: WebhookRequest['headers']) {
    const receivedAt = now();
    const fresh: WebhookHint[] = [];
    let ignored = 0;
    await someAtOnce([...contents.entries()], async ([index, content]) => {
      const eventId = await idOf(source, content.event, headers);
      if (eventId === undefined) {
        ignored += 1;
        return;
      }
      const key = keyOf(source.name, eventId);
      // A millisecond apart, so that of two about the same person the later one decides.
      const event = receivedEvent(source.name, key, addMs(receivedAt, index), currentTrace());
      if (await webhookEvents.create(event, content)) fresh.push({ source: source.name, key });
    });
    await hints.send(fresh, randomUUID(), now());
    return { accepted: contents.length - ignored, ignored };
  }

  return async (name: string, request: ReceivedRequest): Promise<Received> => {
    const source = sources.get(name);
    if (!source) return { type: 'unknownSource' };
    const asked = { ...request, now: new Date(toMs(now())) };
    const answer = answerHandshake(source, asked);
    if (answer) return { type: 'handshake', answer };
    const verified = verify(source, asked);
    if (!verified.ok) {
      return { type: 'refused', reason: verified.reason, asksForBasic: source.verification.type === 'basic' };
    }
    const read = readEvents(source, request);
    if (!read.ok) {
      // A batch without events is nothing to complain of.
      if (read.reason === 'noEvents') return { type: 'received', accepted: 0, ignored: 0 };
      return { type: 'unreadable', reason: read.reason };
    }
    const contents = read.events.map((event) => contentOf(source, event, request.headers));
    if (contents.some((content) => Buffer.byteLength(JSON.stringify(content)) > MOST_CONTENT_BYTES)) {
      return { type: 'unreadable', reason: 'tooLarge' };
    }
    return { type: 'received', ...(await store(source, contents, request.headers)) };
  };
}

function contentOf({ eventId }: Source, event: string, headers: WebhookRequest['headers']): WebhookContent {
  const idHeader = typeof eventId === 'object' ? headers.get(eventId.header) : null;
  return idHeader === null ? { event } : { event, idHeader };
}
