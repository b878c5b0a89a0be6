import { type Backend, useBackend } from './backend';
import { logEvent } from './log';

const BACKENDS: Record<string, (() => Promise<{ makeBackend: () => Backend }>) | undefined> = {
  otlp: () => import('./otlp.js'),
  azureMonitor: () => import('./azureMonitor.js'),
};

let started: Promise<string | undefined> | undefined;
let isFaultTold = false;

/**
 * Switches traces and figures on as the setting TELEMETRY says, once a process, and waits until they are. Undefined while
 * it is off, and nothing is loaded. Where it can't be switched on the workflow goes on without: an invitation matters more.
 */
export function telemetryStarted(): Promise<string | undefined> | undefined {
  const wanted = process.env['TELEMETRY'] ?? '';
  const load = BACKENDS[wanted];
  return load && (started ??= start(wanted, load));
}

/** Says once, in a run of a function, why there are no traces and figures. */
export function tellFault(fault: string | undefined): void {
  if (fault === undefined || isFaultTold) return;
  isFaultTold = true;
  logEvent('telemetryOff', fault);
}

async function start(wanted: string, load: () => Promise<{ makeBackend: () => Backend }>): Promise<string | undefined> {
  try {
    const { makeBackend } = await load();
    useBackend(makeBackend());
    return undefined;
  } catch (error) {
    return `TELEMETRY is ${wanted}, and there are no traces and figures: ${reasonOf(error)}`;
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const missing = code === 'MODULE_NOT_FOUND' ? /'([^']+)'/.exec(message)?.[1] : undefined;
  return missing === undefined
    ? message
    : `${missing} is not installed. It is an optional dependency: install it with npm ci, without --omit=optional.`;
}
