import crypto from 'node:crypto';
import { TablesUnavailableError } from '../../../shared/tables/tablesError';
import type { Answer, Effect } from './effects';
import type { Numberer, Renaming } from './symmetry';

/** The outside of a worker: every effect goes through `perform`, and its clocks stand still in between. */
export interface Outside {
  perform: (effect: Effect) => Promise<Answer>;
  nowMs: () => number;
  /** A number that no other invocation has. */
  name: number;
}

/** One invocation of the product's own code; gives what its caller is told, where that matters. */
export type Program = (outside: Outside) => Promise<string | undefined>;

/**
 * Where an invocation stands: what it was answered so far, and what it asks next (undefined when it has ended). Code
 * cannot be copied half-way, so it is run again from its start with the same answers, which brings it to the same place;
 * each place is reached once and kept.
 */
export interface Place {
  /** Under each renaming of the workers, its own first. */
  ids: number[];
  name: number;
  program: Program;
  log: LogEntry[];
  next: Effect | undefined;
  result: string | undefined;
}

interface LogEntry {
  atMs: number;
  /** Absent in the first entry: the start. */
  answer?: Answer;
}

/** Remembers every place that was reached, so that each is run to once. */
export function makeReplayer({ numbersOf }: Numberer) {
  const places = new Map<string, Place>();
  const texts = new WeakMap<Answer, string>();

  const textOf = (answer: Answer): string => {
    const text = texts.get(answer) ?? JSON.stringify(answer);
    texts.set(answer, text);
    return text;
  };

  const reach = async (program: Program, name: number, log: LogEntry[], told: Told): Promise<Place> => {
    const key = told(UNCHANGED, 0);
    const time = `|${log.at(-1)?.atMs}`;
    const known = places.get(key + time) ?? places.get(key);
    if (known) return known;
    const { readsClock, next, result } = await run(program, name, log);
    // A worker that did not look at the clock since is the same whatever the time was.
    const since = readsClock ? time : '';
    const ids = numbersOf((renaming, index) => `place ${told(renaming, index)}${since}`);
    const place = { ids, name, program, log, next, result };
    places.set(key + since, place);
    return place;
  };

  return {
    start: (what: string, program: Program, name: number, atMs: number): Promise<Place> =>
      reach(program, name, [{ atMs }], (renaming) => `${what} ${renaming(`u-${name}-`)}`),
    resume: (from: Place, answer: Answer, atMs: number): Promise<Place> =>
      reach(
        from.program,
        from.name,
        [...from.log, { atMs, answer }],
        (renaming, index) => `${from.ids[index]}|${renaming(textOf(answer))}`,
      ),
  };
}

export type Replayer = ReturnType<typeof makeReplayer>;

/** What tells a place from others, under a renaming. */
type Told = (renaming: Renaming, index: number) => string;

const UNCHANGED: Renaming = (text) => text;

type Run = Pick<Place, 'next' | 'result'> & { readsClock: boolean };

/** Runs a program on recorded answers until it asks for more than those, or ends. */
function run(program: Program, name: number, log: LogEntry[]): Promise<Run> {
  let position = 0;
  let isAsking = false;
  let readsClock = false;
  let idsMade = 0;
  // Runs are awaited one after the other, so this one has the function for itself.
  jest.spyOn(crypto, 'randomUUID').mockImplementation(() => madeUp(name, idsMade++));
  return new Promise((resolve, reject) => {
    const perform = (effect: Effect): Promise<Answer> => {
      if (isAsking) reject(new Error('Two effects at once: the model knows one after the other.'));
      const answer = log[position + 1]?.answer;
      if (!answer) {
        isAsking = true;
        resolve({ next: effect, result: undefined, readsClock });
        // Nobody answers: this run has served its purpose.
        return new Promise<never>(() => undefined);
      }
      position += 1;
      return Promise.resolve(answer);
    };
    const nowMs = () => {
      readsClock ||= position === log.length - 1;
      return log[position]?.atMs ?? 0;
    };
    const ended = (result: string | undefined) => resolve({ next: undefined, result, readsClock });
    program({ perform, nowMs, name }).then(ended, (error: unknown) => {
      if (error instanceof TablesUnavailableError) ended(undefined);
      else reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}

/** Ids that an invocation makes up: its own, and the same again on every replay. */
const madeUp = (name: number, count: number) => `u-${name}-${count}-0-0` as const;
