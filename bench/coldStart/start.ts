import { Module } from 'node:module';
import type { FunctionMetadata, FunctionCallback, ProgrammingModel } from '../../local/functionsHost/coreTypes';

/**
 * One cold start, in a process of its own: loads the files that are its arguments, as the worker does, has getInvitation
 * look for an invitation that isn't there, and writes a line of JSON with the times, all in ms since the process began.
 * Imports nothing but node:module, so that next to all of the time is the app's.
 */
export interface Start {
  /** When Node was ready to run anything at all. */
  nodeMs: number;
  registeredMs: number;
  /** Undefined where no function was to be asked. */
  answeredMs?: number;
  functions: number;
}

const nodeMs = performance.now();
const registered = new Map<string, { metadata: FunctionMetadata; callback: FunctionCallback }>();
let model: ProgrammingModel | undefined;

const core = {
  version: '0.0.0',
  hostVersion: '4.0.0',
  registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) => {
    registered.set(metadata.name, { metadata, callback });
    return { dispose: () => undefined };
  },
  registerHook: () => ({ dispose: () => undefined }),
  setProgrammingModel: (given: ProgrammingModel) => (model = given),
  getProgrammingModel: () => model,
  log: () => undefined,
};

// Only handed on to the proxy, which gives it its caller.
// eslint-disable-next-line @typescript-eslint/unbound-method
const original = Module.prototype.require;
Module.prototype.require = new Proxy(original, {
  apply: (target, caller, args: [string]): unknown =>
    args[0] === '@azure/functions-core' ? core : Reflect.apply(target, caller, args),
});

const NOBODY = '00000000-0000-7000-8000-000000000000';

/** Asks as the worker asks, through the library's own model. */
async function askForNobody(): Promise<void> {
  const { metadata, callback } = registered.get('getInvitation') ?? {};
  if (!model || !metadata || !callback) throw new Error('getInvitation is not registered.');
  const name = Object.entries(metadata.bindings).find(([, { type }]) => type === 'httpTrigger')?.[0] ?? '';
  const url = `http://127.0.0.1/api/invitations/${NOBODY}`;
  const invocation = model.getInvocationModel({
    invocationId: NOBODY,
    metadata,
    request: {
      invocationId: NOBODY,
      inputData: [{ name, data: { http: { method: 'GET', url, nullableParams: { id: { value: NOBODY } } } } }],
      triggerMetadata: {},
      traceContext: { traceParent: '', traceState: '', attributes: {} },
    },
    log: () => undefined,
  });
  const { context, inputs } = await invocation.getArguments();
  const { returnValue } = await invocation.getResponse(
    context,
    await invocation.invokeFunction(context, inputs, callback),
  );
  const { statusCode, body } = returnValue?.http ?? {};
  if (statusCode !== '404') {
    throw new Error(
      `getInvitation answered ${String(statusCode)}, and not 404: ${Buffer.from(body?.bytes ?? []).toString()}`,
    );
  }
}

async function start(files: string[]): Promise<Start> {
  for (const file of files) module.require(file);
  const loaded = { nodeMs, registeredMs: performance.now(), functions: registered.size };
  if (files.length === 0) return loaded;
  await askForNobody();
  return { ...loaded, answeredMs: performance.now() };
}

void start(process.argv.slice(2)).then((measured) => {
  process.stdout.write(JSON.stringify(measured), () => process.exit());
});
