import { makeAdminRoutes } from './adminRoutes';
import { connectionOf, resolveSettings } from './settings';
import { describeQueue, describeRoute, describeTimer, type FunctionDescription } from './describe';
import { readHostJson, type HostJson } from './hostJson';
import { listen, makeHttpServer } from './httpServer';
import { toHttpRoutes, type HttpRoute } from './httpRoutes';
import { makeInvoke, runHooks, type Invoke, type LogEntry } from './invoke';
import { loadApp, type FunctionApp } from './loadApp';
import { makeQueueReceiver, type QueueReceiver } from './serviceBusTrigger';
import { stopHost } from './stopHost';
import { makeTimer, type Timer } from './timerTrigger';
import { isHttp, isServiceBus, isTimer, toHostedFunction, type HostedFunction } from './triggers';
import { makeWorkInHand, type WorkInHand } from './workInHand';

export interface FunctionsHostOptions {
  /** The folder with package.json (whose `main` names the function files) and host.json. */
  appRoot: string;
  /** 0 takes any free port. Bound to 127.0.0.1 only. */
  httpPort: number;
  /** The connection string behind a trigger's `connection`; by default the environment variable of that name. */
  serviceBusConnectionOf?: (settingName: string) => string | undefined;
  /** When set, everything but anonymous functions asks for it, as `?code=` or `x-functions-key`. */
  functionKey?: string;
  /** By default lines on stdout, those of level trace and debug left out. */
  onLog?: (entry: LogEntry) => void;
  /** Runs these functions of the app only. */
  onlyFunctions?: string[];
}

export interface FunctionsHost {
  httpPort: number;
  functions: FunctionDescription[];
  /** Runs a timer now, after a run in hand. Rejects with what the function threw, or when there is no such timer. */
  fireTimer: (name: string) => Promise<void>;
  /** Takes no new work, gives what is in hand 5 seconds, then returns. */
  stop: () => Promise<void>;
}

/**
 * Runs a function app on this machine: the compiled functions, unchanged, with their HTTP, Service Bus queue and timer
 * triggers. What Azure would do and this host does not is refused at the start, never left out in silence; the limits
 * are: no functionTimeout, no retry policies, no memory of missed timer runs, no batches, sessions, topics or extra bindings.
 *
 * @throws Error in one sentence when the app cannot be loaded, is not one this host can run, or the port is taken.
 */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const { onLog = writeLine } = options;
  const app = await loadApp(options.appRoot, (level, message) => onLog({ level, message }));
  const hosted = chooseFunctions(app, options.onlyFunctions);
  const parts = { work: makeWorkInHand(), invoke: makeInvoke(app, onLog), onLog };
  const { routes, receivers, timers } = toTriggers(hosted, readHostJson(app.root), options, parts);

  await runHooks(app, 'appStart', { ...appHookContext(app), functionAppDirectory: app.root });
  const functionNames = hosted.map(({ name }) => name);
  const admin = makeAdminRoutes(timers, functionNames);
  const server = makeHttpServer({ ...parts, routes, admin, functionKey: options.functionKey });
  const httpPort = await listen(server, options.httpPort);
  for (const started of [...receivers, ...timers]) started.start();

  const lastly = () =>
    runHooks(app, 'appTerminate', appHookContext(app)).catch((error: unknown) =>
      onLog({ level: 'error', message: `A hook on appTerminate failed: ${String(error)}` }),
    );
  let stopped: Promise<void> | undefined;
  return {
    httpPort,
    functions: [...routes.map(describeRoute), ...receivers.map(describeQueue), ...timers.map(describeTimer)],
    fireTimer: async (name) => {
      const timer = timers.find((candidate) => candidate.name === name);
      if (!timer) throw new Error(`There is no timer function named "${name}".`);
      await timer.fire();
    },
    stop: () => (stopped ??= stopHost({ server, timers, receivers, work: parts.work, lastly })),
  };
}

interface TriggerParts {
  work: WorkInHand;
  invoke: Invoke;
  onLog: (entry: LogEntry) => void;
}

/** Everything that sets the functions off, checked and not yet started. */
function toTriggers(
  hosted: HostedFunction[],
  hostJson: HostJson,
  { serviceBusConnectionOf = settingOf }: FunctionsHostOptions,
  parts: TriggerParts,
): { routes: HttpRoute[]; receivers: QueueReceiver[]; timers: Timer[] } {
  return {
    routes: toHttpRoutes(hosted.filter(isHttp), hostJson.routePrefix),
    receivers: hosted.filter(isServiceBus).map((queue) =>
      naming(queue, () => {
        const queueName = resolveSettings(queue.trigger.queueName, settingOf);
        const connectionString = connectionOf(queue.trigger.connection, serviceBusConnectionOf);
        return makeQueueReceiver(queue, { ...parts, queueName, connectionString, hostJson: hostJson.serviceBus });
      }),
    ),
    timers: hosted
      .filter(isTimer)
      .map((timer) => naming(timer, () => makeTimer(timer, resolveSettings(timer.trigger.schedule, settingOf), parts))),
  };
}

function chooseFunctions(app: FunctionApp, only: string[] | undefined): HostedFunction[] {
  const unknown = only?.find((name) => !app.functions.has(name));
  if (unknown !== undefined) throw new Error(`There is no function named "${unknown}" in ${app.root}.`);
  return [...app.functions.values()]
    .filter(({ metadata }) => !only || only.includes(metadata.name))
    .map(toHostedFunction);
}

function naming<T>({ name }: HostedFunction, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new Error(`Function "${name}": ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function appHookContext({ appHookData }: FunctionApp): Record<string, unknown> {
  return { hookData: appHookData, appHookData };
}

function settingOf(name: string): string | undefined {
  return process.env[name];
}

function writeLine({ level, functionName, message }: LogEntry): void {
  if (level === 'trace' || level === 'debug') return;
  console.log([`[${level}]`, functionName && `${functionName}:`, message].filter(Boolean).join(' '));
}
