import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const timeSpanMs = z
  .string()
  .regex(/^\d{1,2}:\d{2}:\d{2}$/, 'must be a time span such as 00:05:00')
  .transform((text) => {
    const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
    return ((hours * 60 + minutes) * 60 + seconds) * 1000;
  });

/** What this host heeds of host.json, with Azure's defaults. */
const hostJsonSchema = z.object({
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      serviceBus: z
        .object({
          maxConcurrentCalls: z.int().positive().default(16),
          autoCompleteMessages: z.boolean().default(true),
          maxAutoLockRenewalDuration: timeSpanMs.prefault('00:05:00'),
        })
        .prefault({}),
    })
    .prefault({}),
});

export interface HostJson {
  routePrefix: string;
  serviceBus: { maxConcurrentCalls: number; autoCompleteMessages: boolean; maxAutoLockRenewalMs: number };
}

/** @throws Error naming file and property when host.json says something else than Azure expects there. */
export function readHostJson(root: string): HostJson {
  const file = path.join(root, 'host.json');
  if (!existsSync(file)) throw new Error(`${file} is missing: every function app needs one.`);
  const parsed = hostJsonSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  const { http, serviceBus } = parsed.data.extensions;
  const { maxConcurrentCalls, autoCompleteMessages, maxAutoLockRenewalDuration } = serviceBus;
  return {
    routePrefix: http.routePrefix.replace(/^\/+|\/+$/g, ''),
    serviceBus: { maxConcurrentCalls, autoCompleteMessages, maxAutoLockRenewalMs: maxAutoLockRenewalDuration },
  };
}
