import { join } from 'node:path';
import { readSettings } from '../shared/settings';
import { readSources } from '../shared/webhooks/readSources';
import { type FunctionsHost, startFunctionsHost } from './functionsHost/startFunctionsHost';
import { type LocalPart, STAND_INS, type StandInName, type StandInOptions, startStandIns } from './standIns';

export type LocalPorts = Record<StandInName | 'functions', number>;

export interface LocalOptions extends StandInOptions {
  ports: LocalPorts;
  functionKey?: string;
}

export interface Local {
  parts: LocalPart[];
  /** Where Graph, real or simulated, is found. */
  graphUrl: string;
  stop: () => Promise<void>;
}

export interface LocalApp extends Local {
  /** Of the functions, without /api. */
  baseUrl: string;
  host: FunctionsHost;
}

export const DEFAULT_PORTS: LocalPorts = { functions: 7071, tables: 10002, serviceBus: 5672, graph: 4300 };

/** What the app needs to run and a person who tries it should not have to think of. Real settings go before. */
export const LOCAL_SETTINGS = {
  HASH_KEY: 'for-this-machine-only',
  INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
  WAKE_SCHEDULE: '*/10 * * * * *',
};

const APP_ROOT = join(__dirname, '..', '..');

/** Starts the stand-ins that the settings leave room for, and the compiled functions on top, all on 127.0.0.1. */
export function startLocal(options: LocalOptions): Promise<LocalApp> {
  return startingWith(async (started, stop) => {
    const parts = await startStandIns(STAND_INS, options, started);
    // Fails here, with every fault at once, and not at the first request.
    readSources(readSettings(process.env).SOURCES, process.env);
    const { ports, functionKey, onLog } = options;
    const host = await startFunctionsHost({
      appRoot: APP_ROOT,
      httpPort: ports.functions,
      onLog,
      ...(functionKey === undefined ? {} : { functionKey }),
    });
    started.push(host.stop);
    const baseUrl = `http://127.0.0.1:${host.httpPort}`;
    parts.push({ name: 'Functions', where: `${baseUrl}/api`, isStandIn: true });
    return { ...found(parts, stop), baseUrl, host };
  });
}

/** Starts some of the stand-ins and no functions, for an app that runs elsewhere: under `func start`, for one. */
export function startOnly(names: readonly StandInName[], options: StandInOptions): Promise<Local> {
  return startingWith(async (started, stop) => found(await startStandIns(names, options, started), stop));
}

const found = (parts: LocalPart[], stop: () => Promise<void>): Local => ({
  parts,
  graphUrl: process.env['GRAPH_BASE_URL'] ?? '',
  stop,
});

/** Whatever was started is stopped, last first: at the end, or at once when a later part can't be started. */
async function startingWith<T>(
  start: (started: (() => Promise<void>)[], stop: () => Promise<void>) => Promise<T>,
): Promise<T> {
  for (const [name, value] of Object.entries(LOCAL_SETTINGS)) process.env[name] ||= value;
  // A company's proxy is no way to this machine.
  process.env['NO_PROXY'] = [process.env['NO_PROXY'] ?? process.env['no_proxy'], '127.0.0.1'].filter(Boolean).join();
  const started: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of started.splice(0).reverse()) await close();
  };
  try {
    return await start(started, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}
