import type { RequestRules } from '../../domain/parseRequest';
import type { Instant } from '../../domain/time';
import { type Tried, type WebhookEvent, afterTry, dueFor } from '../../domain/webhookEvent';
import type { WebhookHint } from '../../queue/webhookHints';
import type { WebhookContent, WebhookEvents } from '../../tables/webhookEvents';
import { partOf } from '../../telemetry/place';
import { inSpan } from '../../telemetry/span';
import { type Action, requestFaults } from '../../webhooks/actions';
import type { FetchData } from '../../webhooks/fetchData';
import { type Broken, type Mapped, type Unavailable, mapEvent, selectEvent } from '../../webhooks/mapEvent';
import type { Sandbox } from '../../webhooks/sandbox';
import type { Source, Sources } from '../../webhooks/source';
import type { DoActions } from './doActions';

export interface HandleParts {
  sources: Sources;
  webhookEvents: Pick<WebhookEvents, 'read' | 'readContent' | 'change'>;
  sandbox: Sandbox;
  fetchData: FetchData;
  doActions: DoActions;
  rules: RequestRules;
  retainMs: number;
  now: () => Instant;
}

export type Handled =
  { type: 'notFound' | 'nothingDue' | 'deleted' } | { type: 'tried'; tried: Tried; event: WebhookEvent | undefined };

/**
 * Does what is due for an event: select → fetch → map → act, and one transaction for what came of it. A death on the way
 * leaves the event pending; doing it again acts once (`DoActions`). Throws `TablesUnavailableError`.
 */
export function makeHandleWebhookEvent(parts: HandleParts) {
  const { webhookEvents, now } = parts;

  return async ({ source, key }: WebhookHint): Promise<Handled> => {
    const stored = await webhookEvents.read(source, key);
    if (!stored) return { type: 'notFound' };
    switch (dueFor(stored.event, now())) {
      case 'nothing':
        return { type: 'nothingDue' };
      case 'delete':
        await webhookEvents.change(source, key, (event) => (dueFor(event, now()) === 'delete' ? 'delete' : undefined));
        return { type: 'deleted' };
      case 'try': {
        const tried = await inTry(stored.event, () => tryEvent(stored.event, parts));
        const event = await webhookEvents.change(source, key, (found) => afterTry(found, tried, now(), parts));
        return { type: 'tried', tried, event };
      }
    }
  };
}

/** In the trace of the request that it came with, whatever set this try off. */
const inTry = ({ source, traceparent }: WebhookEvent, work: () => Promise<Tried>): Promise<Tried> =>
  inSpan(
    { name: 'handle webhook event', attributes: { 'invitation.source': source }, ...partOf(traceparent) },
    async (span) => {
      const tried = await work();
      if (tried.type !== 'done') span.fail(tried.type);
      return tried;
    },
  );

async function tryEvent(event: WebhookEvent, parts: HandleParts): Promise<Tried> {
  const source = parts.sources.get(event.source);
  if (!source) return { type: 'givenUp', outcome: 'SOURCES describes no source of this name.' };
  const content = await parts.webhookEvents.readContent(event);
  if (!content) return done('Another worker was through before.');
  const headers = { get: () => content.idHeader ?? null };
  const selected = await selectEvent(source, content.event, { headers, sandbox: parts.sandbox });
  if (selected.type === 'ignored') return done('The filter does not want it.');
  if (selected.type !== 'selected') return untold(selected);

  const mapped = await fetchAndMap(source, content, selected.fetchUrl, parts);
  if (mapped.type === 'again') return mapped;
  if (mapped.type === 'nothing') return kept('mapping gives nothing.');
  if (mapped.type !== 'actions') return untold(mapped);
  const faults = requestFaults(mapped.actions, parts.rules);
  if (faults.length > 0) return kept(faultsInWords(faults));
  return parts.doActions(mapped.actions, {
    source: source.name,
    eventId: selected.eventId,
    askedAt: event.receivedAt,
  });
}

const done = (outcome: string): Tried => ({ type: 'done', outcome });
const kept = (outcome: string): Tried => ({ type: 'kept', outcome });

/** `detail` may quote the payload, so it stays where it is. */
const untold = ({ type, message }: Broken | Unavailable): Tried => ({
  type: type === 'broken' ? 'kept' : 'again',
  outcome: message,
});

type FetchedAndMapped = Mapped | Extract<Tried, { type: 'again' }>;

async function fetchAndMap(
  source: Source,
  { event }: WebhookContent,
  fetchUrl: string | undefined,
  { sandbox, fetchData }: HandleParts,
): Promise<FetchedAndMapped> {
  if (source.fetch === undefined || fetchUrl === undefined) return mapEvent(source, event, { sandbox });
  const fetched = await fetchData(source.fetch, fetchUrl);
  switch (fetched.type) {
    case 'fetched':
      return mapEvent(source, event, { sandbox, fetched: fetched.data });
    case 'gone': {
      // Who was deleted can't be fetched any more; who was just made can't be fetched yet, and only looks so.
      const mapped = await mapEvent(source, event, { sandbox, fetched: 'null' });
      const isOnlyRevokes = mapped.type === 'actions' && mapped.actions.every(isRevoke);
      return isOnlyRevokes ? mapped : { type: 'again', outcome: fetched.reason };
    }
    case 'failed': {
      const { reason: outcome, retryAfterMs } = fetched;
      return { type: 'again', outcome, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    }
  }
}

const isRevoke = ({ action }: Action): boolean => action === 'revoke';

const MOST_NAMED = 5;

/** Codes and the names of properties; messages and names further in may be the payload's. */
function faultsInWords(faults: ReturnType<typeof requestFaults>): string {
  const named = faults.flatMap(({ index, faults: of }) =>
    of.map(({ code, target }) => `actions.${index}: ${propertyOf(target)} (${code})`),
  );
  const more = named.length > MOST_NAMED ? ` and ${named.length - MOST_NAMED} more` : '';
  return `POST /invitations would refuse ${named.slice(0, MOST_NAMED).join(', ')}${more}.`;
}

const propertyOf = (target: string): string => /^[A-Za-z]{1,40}(?=$|[.[])/.exec(target)?.[0] ?? 'a property';
