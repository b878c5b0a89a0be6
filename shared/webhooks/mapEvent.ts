import { createHash } from 'node:crypto';
import { type Action, readActions } from './actions';
import { fetchUrlOf } from './fetchUrl';
import type { Sandbox, SandboxFailure, SandboxStep } from './sandbox';
import type { Source } from './source';
import type { WebhookRequest } from './verify';

/** Our own mistake, or a payload nobody thought of: the payload is to be kept until the source is mended. */
export interface Broken {
  type: 'broken';
  /** For logs: names places and codes, and quotes nothing of the payload. */
  message: string;
  /** For a person's screen: may quote the payload. */
  detail?: string;
}

/** Nothing was found out, and it is not the payload's fault: to be tried again. */
export interface Unavailable {
  type: 'unavailable';
  message: string;
}

export type Selected =
  /** The filter does not want it. */
  | { type: 'ignored' }
  /** `eventId` is the same whenever the same event comes again. With `fetchUrl`, that is to be fetched before mapping. */
  | { type: 'selected'; eventId: string; fetchUrl?: string }
  | Broken
  | Unavailable;

/** Whether a source wants an event (a JSON text), and what the event is called. */
export async function selectEvent(
  source: Source,
  event: string,
  { headers, sandbox }: { headers: WebhookRequest['headers']; sandbox: Sandbox },
): Promise<Selected> {
  const steps: SandboxStep[] = [];
  if (source.filter !== undefined) steps.push({ name: 'filter', expression: source.filter, isGate: true });
  if (typeof source.eventId === 'string') steps.push({ name: 'eventId', expression: source.eventId });
  const answer = steps.length === 0 ? { ok: true as const, results: {} } : await sandbox.run(steps, event);
  if (!answer.ok) return fromFailure(answer.failure);

  const { filter, eventId } = answer.results as { filter?: string; eventId?: string };
  if (source.filter !== undefined && filter !== 'true') {
    return filter === undefined || filter === 'false'
      ? { type: 'ignored' }
      : { type: 'broken', message: 'filter gives neither true nor false.' };
  }
  const id = typeof source.eventId === 'object' ? headers.get(source.eventId.header) : jsonOf(eventId);
  if (typeof id === 'object' && id !== null)
    return { type: 'broken', message: 'eventId gives neither a text nor a number.' };
  return withUrl(source, event, nameOf(id ?? undefined, event));
}

function withUrl(source: Source, event: string, eventId: string): Selected {
  if (source.fetch === undefined) return { type: 'selected', eventId };
  const fetchUrl = fetchUrlOf(source.fetch.url, JSON.parse(event));
  if (fetchUrl.ok) return { type: 'selected', eventId, fetchUrl: fetchUrl.url };
  const why = fetchUrl.reason === 'noValue' ? 'has no text or number' : 'has a value that is no id';
  return { type: 'broken', message: `fetch.url: the payload ${why} at ${fetchUrl.path}.` };
}

const SHORT_NAME = /^[\x21-\x7e]{1,200}$/;

/** Ids that are no names, or none at all, become hashes; the same event then still has the same. */
function nameOf(id: unknown, event: string): string {
  const text = typeof id === 'number' || typeof id === 'boolean' ? String(id) : id;
  if (typeof text !== 'string' || text === '') return `sha256-${hash(event)}`;
  return SHORT_NAME.test(text) ? text : `sha256-${hash(text)}`;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

export type Mapped =
  | { type: 'actions'; actions: Action[] }
  /** The filter wanted it and the mapping makes nothing of it: to be kept like a broken one. */
  | { type: 'nothing' }
  | Broken
  | Unavailable;

/**
 * What a source wants done about an event (a JSON text). With `fetched`, what was fetched for it (a JSON text), the
 * mapping sees `{"event": …, "fetched": …}` instead of the event alone.
 */
export async function mapEvent(
  source: Source,
  event: string,
  { fetched, sandbox }: { fetched?: string; sandbox: Sandbox },
): Promise<Mapped> {
  const input = fetched === undefined ? event : `{"event":${event},"fetched":${fetched}}`;
  const answer = await sandbox.run([{ name: 'mapping', expression: source.mapping }], input);
  if (!answer.ok) return fromFailure(answer.failure);
  const read = readActions(jsonOf(answer.results['mapping']), source.name);
  if (!read.ok) return { type: 'broken', message: read.faults.join(' ') };
  return read.actions.length === 0 ? { type: 'nothing' } : { type: 'actions', actions: read.actions };
}

const jsonOf = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));

function fromFailure(failure: SandboxFailure): Broken | Unavailable {
  switch (failure.type) {
    case 'failed': {
      const { at, code, position, token, detail } = failure;
      const where =
        position === undefined ? '' : ` at character ${position}${token === undefined ? '' : ` (${token})`}`;
      const message = `${at} fails with ${code}${where}.`;
      return detail === undefined ? { type: 'broken', message } : { type: 'broken', message, detail };
    }
    case 'tooLarge':
      return { type: 'broken', message: `${failure.at} gives more than 256 KiB.` };
    case 'timedOut':
      return { type: 'broken', message: 'The expressions take more than a second.' };
    case 'outOfMemory':
      return { type: 'broken', message: 'The expressions take too much memory.' };
    case 'crashed':
    case 'busy':
      return { type: 'unavailable', message: `The mapping could not be run (${failure.type}).` };
  }
}
