import { join } from 'node:path';
import { DEFAULT_EVENTS_QUEUE, DEFAULT_QUEUE, DEFAULT_WEBHOOKS_QUEUE } from '../shared/triggerDefaults';
import type { FunctionsHostOptions } from './functionsHost/startFunctionsHost';
import { type GraphSimulatorOptions, startGraphSimulator } from './graph/startGraphSimulator';
import { startServiceBus } from './serviceBus/startServiceBus';
import { startTables } from './tables/startTables';

export const STAND_INS = ['tables', 'serviceBus', 'graph'] as const;
export type StandInName = (typeof STAND_INS)[number];

export interface StandInOptions {
  /** 0 takes any free port. */
  ports: Record<StandInName, number>;
  /** Where tables and Graph keep what they hold; in memory when left out. */
  folder?: string;
  behaviour?: GraphSimulatorOptions['behaviour'];
  onLog: NonNullable<FunctionsHostOptions['onLog']>;
}

/** A part that runs, or the setting that says where it does. */
export interface LocalPart {
  name: string;
  where: string;
  isStandIn: boolean;
}

interface Started {
  /** For the setting: how the app finds it. */
  value: string;
  where: string;
  close: () => Promise<void>;
}

interface StandIn {
  title: string;
  /** What stands in. */
  by: string;
  /** Settings that name a real one; the first is the one that a stand-in fills in. */
  settings: [string, ...string[]];
  start: (options: StandInOptions) => Promise<Started>;
}

const standIns: Record<StandInName, StandIn> = {
  tables: {
    title: 'Table Storage',
    by: 'Azurite',
    settings: ['TablesConnection', 'TablesConnection__tableServiceUri'],
    start: async ({ ports, folder }) => {
      const tables = await startTables({
        port: ports.tables,
        ...(folder === undefined ? {} : { folder: join(folder, 'tables') }),
      });
      return { value: tables.connectionString, where: `http://127.0.0.1:${tables.port}`, close: tables.close };
    },
  },
  serviceBus: {
    title: 'Service Bus',
    by: 'stand-in',
    settings: ['ServiceBusConnection', 'ServiceBusConnection__fullyQualifiedNamespace'],
    start: async ({ ports }) => {
      const queues = [
        process.env['INVITATIONS_QUEUE'] || DEFAULT_QUEUE,
        process.env['EVENTS_QUEUE'] || DEFAULT_EVENTS_QUEUE,
        process.env['WEBHOOKS_QUEUE'] || DEFAULT_WEBHOOKS_QUEUE,
      ];
      const bus = await startServiceBus({ port: ports.serviceBus, queues });
      return { value: bus.connectionString, where: `amqp://127.0.0.1:${bus.port}`, close: () => bus.close() };
    },
  },
  graph: {
    title: 'Microsoft Graph',
    by: 'simulator',
    settings: ['GRAPH_BASE_URL'],
    start: async ({ ports, folder, behaviour, onLog }) => {
      const graph = await startGraphSimulator({
        port: ports.graph,
        ...(behaviour ? { behaviour } : {}),
        ...(folder === undefined ? {} : { stateFile: join(folder, 'graph.json') }),
        onLog: (message) => onLog({ level: 'information', functionName: 'graphSimulator', message }),
      });
      return { value: graph.baseUrl, where: graph.baseUrl, close: () => graph.close() };
    },
  },
};

/**
 * Starts stand-ins on 127.0.0.1 and sets what the app finds them by. One whose setting names a real service is left out.
 * Every close is added to `started` as soon as there is something to close, so that a failure leaves nothing behind.
 */
export async function startStandIns(
  names: readonly StandInName[],
  options: StandInOptions,
  started: (() => Promise<void>)[],
): Promise<LocalPart[]> {
  const parts: LocalPart[] = [];
  for (const name of names) {
    const { title, by, settings, start } = standIns[name];
    const real = settings.find((setting) => process.env[setting]);
    if (real !== undefined) {
      parts.push({ name: title, where: real, isStandIn: false });
      continue;
    }
    const { value, where, close } = await start(options);
    started.push(close);
    process.env[settings[0]] = value;
    parts.push({ name: `${title} (${by})`, where, isStandIn: true });
  }
  return parts;
}
