import { join } from 'node:path';
import { readSettings } from '../shared/settings';
import { type FunctionsHost, type FunctionsHostOptions, startFunctionsHost } from './functionsHost/startFunctionsHost';
import { type GraphSimulatorOptions, startGraphSimulator } from './graph/startGraphSimulator';
import { startServiceBus } from './serviceBus/startServiceBus';
import { startTables } from './tables/startTables';

export interface LocalPorts {
  functions: number;
  tables: number;
  serviceBus: number;
  graph: number;
}

export interface LocalOptions {
  /** 0 takes any free port. */
  ports: LocalPorts;
  /** Where the stand-ins of tables and Graph keep what they hold; in memory when left out. */
  folder?: string;
  behaviour?: GraphSimulatorOptions['behaviour'];
  functionKey?: string;
  onLog: NonNullable<FunctionsHostOptions['onLog']>;
}

export interface LocalPart {
  name: string;
  where: string;
  /** A stand-in of ours, or what a setting names. */
  isStandIn: boolean;
}

export interface Local {
  baseUrl: string;
  graphUrl: string;
  parts: LocalPart[];
  host: FunctionsHost;
  stop: () => Promise<void>;
}

export const DEFAULT_PORTS: LocalPorts = { functions: 7071, tables: 10002, serviceBus: 5672, graph: 4300 };

/** What the app needs to run and a person who tries it should not have to think of. Real settings go before. */
const LOCAL_SETTINGS = {
  HASH_KEY: 'for-this-machine-only',
  INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
  WAKE_SCHEDULE: '*/10 * * * * *',
};

const APP_ROOT = join(__dirname, '..', '..');

/**
 * Starts everything on 127.0.0.1 and the compiled functions on top. A stand-in is left out when the setting in its
 * place (`TablesConnection`, `ServiceBusConnection`, `GRAPH_BASE_URL`) names a real one. Whatever was started is
 * stopped again when a later part can't be.
 */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const started: { close: () => Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const part of started.splice(0).reverse()) await part.close();
  };
  try {
    return await startParts(options, started, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  { ports, folder, behaviour, functionKey, onLog }: LocalOptions,
  started: { close: () => Promise<void> }[],
  stop: () => Promise<void>,
): Promise<Local> {
  for (const [name, value] of Object.entries(LOCAL_SETTINGS)) process.env[name] ||= value;
  process.env['NO_PROXY'] = [process.env['NO_PROXY'] ?? process.env['no_proxy'], '127.0.0.1'].filter(Boolean).join();
  const parts: LocalPart[] = [];

  const standIn = async (
    setting: string,
    name: string,
    start: () => Promise<{ value: string; where: string; close: () => Promise<void> }>,
  ): Promise<void> => {
    const real = process.env[setting];
    if (real) {
      parts.push({ name, where: setting, isStandIn: false });
      return;
    }
    const { value, where, close } = await start();
    started.push({ close });
    process.env[setting] = value;
    parts.push({ name, where, isStandIn: true });
  };

  if (!process.env['TablesConnection__tableServiceUri']) {
    await standIn('TablesConnection', 'Table Storage (Azurite)', async () => {
      const tables = await startTables({
        port: ports.tables,
        ...(folder === undefined ? {} : { folder: join(folder, 'tables') }),
      });
      return { value: tables.connectionString, where: `http://127.0.0.1:${tables.port}`, close: tables.close };
    });
  }
  if (!process.env['ServiceBusConnection__fullyQualifiedNamespace']) {
    await standIn('ServiceBusConnection', 'Service Bus (stand-in)', async () => {
      const queues = [process.env['INVITATIONS_QUEUE'] ?? 'invitations'];
      const bus = await startServiceBus({ port: ports.serviceBus, queues });
      return { value: bus.connectionString, where: `amqp://127.0.0.1:${bus.port}`, close: () => bus.close() };
    });
  }
  await standIn('GRAPH_BASE_URL', 'Microsoft Graph (simulator)', async () => {
    const graph = await startGraphSimulator({
      port: ports.graph,
      ...(behaviour ? { behaviour } : {}),
      ...(folder === undefined ? {} : { stateFile: join(folder, 'graph.json') }),
      onLog: (message) => onLog({ level: 'information', functionName: 'graphSimulator', message }),
    });
    return { value: graph.baseUrl, where: graph.baseUrl, close: () => graph.close() };
  });

  readSettings(process.env); // Fails here, with every fault at once, and not at the first request.
  const host = await startFunctionsHost({
    appRoot: APP_ROOT,
    httpPort: ports.functions,
    onLog,
    ...(functionKey === undefined ? {} : { functionKey }),
  });
  started.push({ close: host.stop });
  const baseUrl = `http://127.0.0.1:${host.httpPort}`;
  parts.push({ name: 'Functions', where: `${baseUrl}/api`, isStandIn: true });
  return { baseUrl, graphUrl: process.env['GRAPH_BASE_URL'] ?? '', parts, host, stop };
}
