/**
 * The part of `@azure/functions-core` that the library uses, as this host supplies it. The module exists only at run
 * time (the real worker is its other supplier), so there is no package to take the types from.
 */

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
export type LogCategory = 'user' | 'system' | 'customMetric';

/** One value on its way between host and library: exactly one property is set. */
export interface RpcTypedData {
  string?: string;
  /** JSON text. */
  json?: string;
  bytes?: Uint8Array;
  int?: number;
  double?: number;
  http?: RpcHttpData;
}

export interface Nullable<T> {
  value?: T;
}

export interface RpcHttpData {
  method?: string;
  url?: string;
  headers?: Record<string, string>;
  nullableHeaders?: Record<string, Nullable<string>>;
  nullableParams?: Record<string, Nullable<string>>;
  nullableQuery?: Record<string, Nullable<string>>;
  body?: RpcTypedData | null;
  statusCode?: string;
  cookies?: RpcHttpCookie[];
}

export interface RpcHttpCookie {
  name?: string;
  value?: string;
  domain?: Nullable<string>;
  path?: Nullable<string>;
  /** Seconds since 1970. */
  expires?: Nullable<{ seconds?: number }>;
  secure?: Nullable<boolean>;
  httpOnly?: Nullable<boolean>;
  /** `none` means that the attribute is left out, `explicitNone` is `SameSite=None`. */
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
  /** Seconds. */
  maxAge?: Nullable<number>;
}

export interface TraceContext {
  traceParent: string;
  traceState: string;
  attributes: Record<string, string>;
}

export interface Binding {
  type: string;
  direction?: string;
  [property: string]: unknown;
}

export type FunctionCallback = (...args: unknown[]) => unknown;

export interface FunctionMetadata {
  name: string;
  bindings: Record<string, Binding>;
  retryOptions?: unknown;
}

/** What the library is told about one invocation. */
export interface CoreInvocationContext {
  invocationId: string;
  metadata: FunctionMetadata;
  request: {
    invocationId: string;
    inputData: { name: string; data: RpcTypedData }[];
    triggerMetadata: Record<string, RpcTypedData>;
    traceContext: TraceContext;
  };
  state?: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks' | undefined;
  log: (level: LogLevel, category: LogCategory, message: string) => void;
}

export interface InvocationResponse {
  returnValue?: RpcTypedData | null;
}

/** The library's side of one invocation; `context` is its own InvocationContext. */
export interface InvocationModel {
  getArguments: () => Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction: (context: unknown, inputs: unknown[], callback: FunctionCallback) => Promise<unknown>;
  getResponse: (context: unknown, result: unknown) => Promise<InvocationResponse>;
}

export interface ProgrammingModel {
  getInvocationModel: (context: CoreInvocationContext) => InvocationModel;
  getCapabilities: (capabilities: Record<string, string>) => Promise<Record<string, string>>;
}

export type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation' | 'log';
export type HookCallback = (context: Record<string, unknown>) => unknown;
