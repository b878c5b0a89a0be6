import { randomUUID } from 'node:crypto';
import type {
  CoreInvocationContext,
  HookName,
  InvocationResponse,
  LogCategory,
  LogLevel,
  RpcTypedData,
  TraceContext,
} from './coreTypes';
import type { FunctionApp } from './loadApp';
import type { HostedFunction } from './triggers';

export interface LogEntry {
  level: string;
  functionName?: string;
  invocationId?: string;
  message: string;
}

/** What a trigger hands over for one run of its function. */
export interface Call {
  input: RpcTypedData;
  triggerMetadata?: Record<string, RpcTypedData>;
  traceContext: TraceContext;
}

/** Rejects with what the function (or a hook) threw, after it has been logged. */
export type Invoke = (hosted: HostedFunction, call: Call) => Promise<InvocationResponse>;

/** Runs functions the way the worker does: arguments, preInvocation hooks, handler, postInvocation hooks, response. */
export function makeInvoke(app: FunctionApp, onLog: (entry: LogEntry) => void): Invoke {
  return async (hosted, call) => {
    const core = toCoreContext(app, hosted, call, onLog);
    try {
      return await runInvocation(app, hosted, core);
    } catch (error) {
      const message = `The function failed: ${toError(error).stack ?? ''}`;
      onLog({ level: 'error', functionName: hosted.name, invocationId: core.invocationId, message });
      throw error;
    }
  };
}

async function runInvocation(
  app: FunctionApp,
  hosted: HostedFunction,
  core: CoreInvocationContext,
): Promise<InvocationResponse> {
  const model = app.model.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  const shared = { hookData: {}, appHookData: app.appHookData, invocationContext: context };

  const before = { ...shared, functionCallback: hosted.callback, inputs };
  await inState(core, 'preInvocationHooks', () => runHooks(app, 'preInvocation', before));

  // Hooks may have replaced the inputs and the handler, and may replace the result or the error afterwards.
  const after: { result: unknown; error: unknown } = { result: null, error: null };
  const afterContext = Object.assign(after, shared, { inputs: before.inputs });
  await inState(core, 'invocation', async () => {
    try {
      after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = toError(error);
    }
  });
  await inState(core, 'postInvocationHooks', () => runHooks(app, 'postInvocation', afterContext));

  if (after.error !== null) throw toError(after.error);
  return model.getResponse(context, after.result);
}

/** A function may throw anything. */
function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`Thrown, and not an Error: ${String(thrown)}`, { cause: thrown });
}

/** Runs the hooks of one name in the order of their registration; the first that throws ends it. */
export async function runHooks(app: FunctionApp, name: HookName, context: Record<string, unknown>): Promise<void> {
  for (const hook of app.hooks[name]) await hook(context);
}

async function inState(
  core: CoreInvocationContext,
  state: NonNullable<CoreInvocationContext['state']>,
  work: () => Promise<void>,
): Promise<void> {
  core.state = state;
  try {
    await work();
  } finally {
    core.state = undefined;
  }
}

function toCoreContext(
  app: FunctionApp,
  hosted: HostedFunction,
  call: Call,
  onLog: (entry: LogEntry) => void,
): CoreInvocationContext {
  const invocationId = randomUUID();
  return {
    invocationId,
    metadata: hosted.metadata,
    request: {
      invocationId,
      inputData: [{ name: hosted.trigger.bindingName, data: call.input }],
      triggerMetadata: call.triggerMetadata ?? {},
      traceContext: call.traceContext,
    },
    log: (level: LogLevel, category: LogCategory, message: string) => {
      // A log hook may change level and text before they are written.
      const entry = { level, message, category, hookData: {}, appHookData: app.appHookData };
      for (const hook of app.hooks.log) hook(entry);
      onLog({ level: entry.level, functionName: hosted.name, invocationId, message: entry.message });
    },
  };
}
