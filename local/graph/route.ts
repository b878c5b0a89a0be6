import type { Answer, Call } from './answers';
import type { Simulation } from './simulation';

/** One operation of Graph. A later kind is a file that exports its routes, added to the list in routes.ts. */
export interface Route {
  method: string;
  /** Of the path after the version; its groups, percent-decoded, are what `answer` gets as `parameters`. */
  pattern: RegExp;
  /** Any one of these application permissions is enough. */
  permissions: readonly string[];
  /** Whether the call goes against the limit of 150 invitations in 5 s. */
  isThrottled?: true;
  answer(simulation: Simulation, call: Call, parameters: string[]): Answer;
}
