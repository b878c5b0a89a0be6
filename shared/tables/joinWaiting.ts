import { AsyncLocalStorage } from 'node:async_hooks';

export interface JoinWaitingOptions<Item, Result> {
  /** Does several of one place as one, and answers in their order. A failure is everyone's. */
  work: (items: Item[]) => Promise<Result[]>;
  /** Whether the two can't be done as one. */
  clash: (one: Item, other: Item) => boolean;
  most: number;
  /** Milliseconds that somebody waits for another's work at the most: that may hang. */
  longestWaitMs: number;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
  /** Runs something as if it were called from where this was asked for. */
  inPlace: (work: () => void) => void;
}

interface Line<Item, Result> {
  underWay: number;
  waiting: Waiting<Item, Result>[];
  timer?: NodeJS.Timeout | undefined;
}

/**
 * What is asked for while work of the same place is under way waits for that and is then done together: many at once cost
 * few calls, and one alone waits for nobody. What clashes with somebody who waits is done by itself, at once.
 */
export function makeJoinWaiting<Item, Result>(options: JoinWaitingOptions<Item, Result>) {
  const { work, clash, most, longestWaitMs } = options;
  const lines = new Map<string, Line<Item, Result>>();

  const begin = (place: string, line: Line<Item, Result>): void => {
    clearTimeout(line.timer);
    line.timer = undefined;
    const group = line.waiting.splice(0, most);
    line.underWay += 1;
    const next = () => {
      line.underWay -= 1;
      if (line.waiting.length > 0) begin(place, line);
      else if (line.underWay === 0) lines.delete(place);
    };
    // Whoever was before may be over: log lines and spans belong to somebody who still waits.
    group[0]?.inPlace(() => void run(group).then(next));
  };

  const run = async (group: Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await work(group.map(({ item }) => item));
      for (const [nth, { resolve }] of group.entries()) resolve(results[nth] as Result);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };

  const lineOf = (place: string): Line<Item, Result> => {
    const line = lines.get(place) ?? { underWay: 0, waiting: [] };
    lines.set(place, line);
    return line;
  };

  return (place: string, item: Item): Promise<Result> =>
    new Promise((resolve, reject) => {
      const line = lineOf(place);
      const asked = { item, resolve, reject, inPlace: AsyncLocalStorage.snapshot() };
      if (line.waiting.some((other) => clash(other.item, item))) {
        void run([asked]);
        return;
      }
      line.waiting.push(asked);
      if (line.underWay === 0 || line.waiting.length >= most) begin(place, line);
      else line.timer ??= setTimeout(() => begin(place, line), longestWaitMs);
    });
}
