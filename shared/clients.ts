import { openAdapters } from './clients/adapters';
import { connect } from './clients/connect';
import { type Settings, readSettings } from './settings';

/** Whatever the functions call, made once a process. */
export type Services = Awaited<ReturnType<typeof openServices>>;

let opened: Promise<Services> | undefined;

/** The services of this process; a failure to open them is not kept, so the next call tries again. */
export function services(): Promise<Services> {
  opened ??= openServices(readSettings(process.env)).catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

/** Connects every part by its settings. Throws `TablesUnavailableError`, or a plain Error that says what to set. */
export const openServices = async (settings: Settings) => connect(settings, await openAdapters(settings));
