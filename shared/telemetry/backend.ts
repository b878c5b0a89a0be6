/** Ids, names of ours and figures; never an address, a name, a token or a redeem URL. */
export type Attributes = Record<string, string | number | boolean | string[] | undefined>;

export interface SpanStart {
  name: string;
  /** `internal` for functions too: their host reports each run as a request already, and would count it twice. */
  kind: 'internal' | 'producer' | 'client';
  /** traceparent of what it is part of; a trace of its own without one. */
  parent: string | undefined;
  /** traceparents of what it has to do with and is no part of. */
  links: string[];
  attributes: Attributes;
}

export interface LiveSpan {
  traceparent: string;
  set: (attributes: Attributes) => void;
  /** `errorType`: a class or a code; messages quote what callers and Graph said. */
  end: (errorType?: string) => void;
}

/** Where traces and figures go when TELEMETRY is on. */
export interface Backend {
  startSpan: (start: SpanStart) => LiveSpan;
  /** To a counter or an up-down counter. */
  add: (metric: string, value: number, attributes: Attributes) => void;
  /** In a histogram, or as what a gauge shows from now on. */
  record: (metric: string, value: number, attributes: Attributes) => void;
  /** Sends what is held back. Never rejects. */
  flush: () => Promise<void>;
}

let backend: Backend | undefined;

/** Undefined while TELEMETRY is off: nothing is loaded then, and nothing is made. */
export const currentBackend = (): Backend | undefined => backend;

export const useBackend = (given: Backend | undefined): void => {
  backend = given;
};
