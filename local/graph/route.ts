import type { Answer, Call } from './answers';
import type { Simulation } from './simulation';

/** One operation of Graph. A later kind is a file that exports its routes, added to the list in routes.ts. */
export interface Route {
  method: string;
  /** Of the path after the version; its groups, percent-decoded, are what `answer` gets as `parameters`. */
  pattern: RegExp;
  /** Any one of these permissions is enough; empty where no document names one. */
  permissions: readonly string[];
  /** Against which limit the call goes: 150 invitations in 5 s, or 300 sharing calls in 5 min. */
  throttledAs?: 'invitations' | 'sharing';
  answer(simulation: Simulation, call: Call, parameters: string[]): Answer;
}
