import { createRequire, Module } from 'node:module';
import path from 'node:path';
import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  HookName,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from './coreTypes';
import { entryFiles } from './entryFiles';

export interface RegisteredFunction {
  metadata: FunctionMetadata;
  callback: FunctionCallback;
}

/** What the function files of one app registered. */
export interface FunctionApp {
  root: string;
  functions: Map<string, RegisteredFunction>;
  hooks: Record<HookName, HookCallback[]>;
  /** What hooks of the whole app share. */
  appHookData: Record<string, unknown>;
  model: ProgrammingModel;
}

export type SystemLog = (level: LogLevel, message: string) => void;

type Registrations = Omit<FunctionApp, 'model'>;

/** Node keeps modules for good, so the files of an app register once in a process: a restart takes what they registered. */
const loadedApps = new Map<string, FunctionApp>();
/** Set while an app's files are being loaded: a registration at any other time is an error, as in Azure. */
let loading: Registrations | undefined;
let model: ProgrammingModel | undefined;
let systemLog: SystemLog = () => undefined;

/**
 * Loads the files that package.json's `main` names, and returns what they registered through `@azure/functions`.
 *
 * Supplies the module `@azure/functions-core`, which the library asks for lazily and once; from then on every app of
 * this process talks to this host.
 *
 * @throws Error naming the file, when one cannot be loaded; a duplicate function name counts as that.
 */
export async function loadApp(appRoot: string, log: SystemLog): Promise<FunctionApp> {
  const root = path.resolve(appRoot);
  systemLog = log;
  const known = loadedApps.get(root);
  if (known) return known;
  supplyCoreModule();
  const registrations: Registrations = {
    root,
    functions: new Map(),
    hooks: { appStart: [], appTerminate: [], preInvocation: [], postInvocation: [], log: [] },
    appHookData: {},
  };
  loading = registrations;
  try {
    loadEntryFiles(root);
  } finally {
    loading = undefined;
  }
  if (!model || registrations.functions.size === 0) {
    throw new Error(
      `No function is registered in ${root}: the files that "main" of package.json names call no app.http, app.timer or app.serviceBusQueue.`,
    );
  }
  await model.getCapabilities({});
  const app = { ...registrations, model };
  loadedApps.set(root, app);
  return app;
}

function loadEntryFiles(root: string): void {
  const requireFromApp = createRequire(path.join(root, 'package.json'));
  for (const file of entryFiles(root)) {
    try {
      requireFromApp(path.join(root, file));
    } catch (cause) {
      throw new Error(`Cannot load ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}

const coreModule = {
  version: '0.0.0-local',
  hostVersion: '4.0.0-local',
  registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) => {
    const { functions } = currentRegistrations(`Function "${metadata.name}"`);
    // Names end up in URLs and logs, which tell no case apart.
    const taken = [...functions.keys()].some((name) => name.toLowerCase() === metadata.name.toLowerCase());
    if (taken) throw new Error(`Function "${metadata.name}" is registered twice: a name must be unique in the app.`);
    functions.set(metadata.name, { metadata, callback });
    return disposable(() => functions.delete(metadata.name));
  },
  registerHook: (name: string, callback: HookCallback) => {
    const { hooks } = currentRegistrations(`Hook "${name}"`);
    if (!isHookName(name, hooks)) throw new RangeError(`Unrecognized hook "${name}".`);
    hooks[name].push(callback);
    return disposable(() => (hooks[name] = hooks[name].filter((hook) => hook !== callback)));
  },
  setProgrammingModel: (given: ProgrammingModel) => {
    model = given;
  },
  getProgrammingModel: () => model,
  log: (level: LogLevel, _category: LogCategory, message: string) => systemLog(level, message),
};

function currentRegistrations(what: string): Registrations {
  if (!loading) throw new Error(`${what} was registered after startup: register at the top level of a function file.`);
  return loading;
}

function isHookName(name: string, hooks: Registrations['hooks']): name is HookName {
  return Object.hasOwn(hooks, name);
}

function disposable(dispose: () => unknown): { dispose: () => void } {
  return { dispose: () => void dispose() };
}

let isSupplied = false;

/** Resolution cannot be taught a module that is in no folder, so `require` itself is asked first, as in the real worker. */
function supplyCoreModule(): void {
  if (isSupplied) return;
  isSupplied = true;
  // Only handed on to the proxy, which gives it its caller.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const original = Module.prototype.require;
  Module.prototype.require = new Proxy(original, {
    apply: (target, caller, args: [string]): unknown =>
      args[0] === '@azure/functions-core' ? coreModule : Reflect.apply(target, caller, args),
  });
}
