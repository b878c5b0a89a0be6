import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Action } from '../../../../shared/webhooks/actions';
import { readSources } from '../../../../shared/webhooks/readSources';
import type { Source } from '../../../../shared/webhooks/source';
import type { WebhookRequest } from '../../../../shared/webhooks/verify';

export const SAMPLES_FOLDER = join(__dirname, '../../../../samples/webhooks');

export const SAMPLE_NAMES = readdirSync(SAMPLES_FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** samples/webhooks/{name}: a source, and a request to it that its sender could have made. */
export interface Sample {
  source: Source;
  request: WebhookRequest & { now: Date; isCallerKnown: boolean };
  environment: Record<string, string>;
  /** A JSON text, where the source fetches. */
  fetched: string | undefined;
  expected: { eventId: string; fetchUrl?: string; actions: Action[] };
}

interface WrittenRequest {
  receivedAt: string;
  environment: Record<string, string>;
  query?: Record<string, string>;
  headers: Record<string, string>;
}

export function readSample(name: string, environment?: Record<string, string>): Sample {
  const read = (file: string): Buffer => readFileSync(join(SAMPLES_FOLDER, name, file));
  const written = JSON.parse(read('request.json').toString()) as WrittenRequest;
  const sources = readSources(join(SAMPLES_FOLDER, name, 'source.json'), environment ?? written.environment);
  const source = sources.get(name);
  if (!source) throw new Error(`samples/webhooks/${name}/source.json holds no source ${name}.`);
  return {
    source,
    request: {
      headers: new Headers(written.headers),
      query: new URLSearchParams(written.query),
      rawBody: read('payload.json'),
      now: new Date(written.receivedAt),
      isCallerKnown: true,
    },
    environment: written.environment,
    fetched: source.fetch ? read('fetched.json').toString() : undefined,
    expected: JSON.parse(read('expected.json').toString()) as Sample['expected'],
  };
}

/** The request with some of its headers replaced (or, with null, taken away). */
export function withHeaders(request: Sample['request'], changes: Record<string, string | null>): Sample['request'] {
  const headers = new Headers();
  (request.headers as Headers).forEach((value, header) => headers.set(header, value));
  for (const [header, value] of Object.entries(changes)) {
    if (value === null) headers.delete(header);
    else headers.set(header, value);
  }
  return { ...request, headers };
}
