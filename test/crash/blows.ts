import { type Frozen, type Thawed, freeze } from './frozen';
import { type Lived, live, placesIn } from './life';
import type { Blow, Side } from './orders';
import { GROUPS } from './otherKinds';
import type { Scenario } from './scenario';
import { SCENARIOS } from './scenarios';
import { type Circumstances, makeCrew } from './shift';
import { type Stack, startStack } from './stack';

/** A life to be lived: a scenario, and what will strike it. */
export interface Plan {
  scenario: Scenario;
  circumstances: Circumstances;
}

export const UNDISTURBED: Circumstances = {
  settings: { AMBIGUOUS_SENDS: 'reconcile' },
  blows: [],
  wipesBroker: false,
  directoryLagMs: 0,
};

/** Where a scenario can be struck, found by living it once undisturbed. */
export interface Chart {
  scenario: Scenario;
  places: Blow[];
}

export interface World {
  live: (plan: Plan) => Promise<Lived>;
  freeze: (where: Frozen) => Promise<Thawed>;
  close: () => Promise<void>;
}

/** Tables, broker, Graph, and workers to hire, for one life after the other. */
export async function openWorld(): Promise<World> {
  const stack: Stack = await startStack();
  for (const id of GROUPS) await stack.addGroup(id);
  const crew = makeCrew();
  return {
    live: ({ scenario, circumstances }) => live(stack, crew, scenario, circumstances),
    freeze: (where) => freeze(stack, crew.hire, where),
    close: async () => {
      await crew.end();
      await stack.close();
    },
  };
}

export async function chartOf(world: World): Promise<{ chart: Chart[]; lives: Lived[] }> {
  const lives: Lived[] = [];
  const chart: Chart[] = [];
  for (const scenario of SCENARIOS) {
    const lived = await world.live({ scenario, circumstances: UNDISTURBED });
    lives.push(lived);
    chart.push({ scenario, places: placesIn(lived) });
  }
  return { chart, lives };
}

const nameOf = ({ seam, side }: Pick<Blow, 'seam' | 'side'>): string => `${side} ${seam}`;

/** A few deaths in one life, each of another worker. */
const MOST_IN_A_LIFE = 3;
const MOST_LIVES = 90;
/** Real time, unlike the tables' clock. */
const LAG_MS = 150;

/**
 * Lives until each kind of effect was struck, before and after it. Two lives in four are strict, and every second one
 * loses the broker’s messages with each death; the others have a directory that lags.
 */
export async function liveThroughEach(world: World, chart: Chart[]): Promise<{ lives: Lived[]; unstruck: string[] }> {
  const unstruck = new Set(chart.flatMap(({ places }) => places.map(nameOf)));
  const lives: Lived[] = [];
  for (let turn = 0; unstruck.size > 0 && turn < MOST_LIVES; turn += 1) {
    const { scenario, places } = chart[turn % chart.length] as Chart;
    const blows = chainOf(places, unstruck);
    if (blows.length === 0) continue;
    const circumstances = circumstancesOf(blows, turn % 4 >= 2, turn % 2 === 1, turn % 2 === 0 ? LAG_MS : 0);
    const lived = await world.live({ scenario, circumstances });
    lives.push(lived);
    for (const { seam, side, blow } of lived.signs) if (blow) unstruck.delete(nameOf({ seam, side }));
  }
  return { lives, unstruck: [...unstruck] };
}

/** The next few places of a way that nobody was struck at yet: each worker dies where it first comes by. */
function chainOf(places: Blow[], unstruck: ReadonlySet<string>): Blow[] {
  const wanted = places.filter((place) => place.nth === 1 && unstruck.has(nameOf(place)));
  return wanted.slice(0, MOST_IN_A_LIFE);
}

const circumstancesOf = (
  blows: Blow[],
  isStrict: boolean,
  wipesBroker: boolean,
  directoryLagMs: number,
): Circumstances => ({
  settings: { AMBIGUOUS_SENDS: isStrict ? 'strict' : 'reconcile' },
  blows,
  wipesBroker,
  directoryLagMs,
});

/** Seeds that follow each other strike every place once in so many. */
const PARTS = 11;

/** Every eleventh place by turns, with a second death, lag and a lost broker as the seed has it. */
export function planOf(chart: Chart[], seed: number): Plan[] {
  const random = randomOf(seed);
  const all = chart.flatMap(({ scenario, places }) => places.map((blow) => ({ scenario, blow, places })));
  return all
    .filter((_, index) => index % PARTS === seed % PARTS)
    .map(({ scenario, blow, places }) => {
      const second = places[Math.floor(random() * places.length)];
      const blows = second && random() < 0.5 ? [blow, second] : [blow];
      return {
        scenario,
        circumstances: circumstancesOf(blows, random() < 0.5, random() < 0.5, random() < 0.5 ? LAG_MS : 0),
      };
    });
}

/** Mulberry32: small, and the same on every machine. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Count {
  seam: string;
  reached: number;
  struck: Record<Exclude<Side, 'between'>, number>;
}

/** How often each seam was reached, and how many workers died before and after it. */
export function countsOf(lives: Lived[]): Count[] {
  const counts = new Map<string, Count>();
  for (const { seam, side, blow } of lives.flatMap(({ signs }) => signs)) {
    const count = counts.get(seam) ?? { seam, reached: 0, struck: { before: 0, after: 0 } };
    if (side === 'before') count.reached += 1;
    if (blow && side !== 'between') count.struck[side] += 1;
    counts.set(seam, count);
  }
  return [...counts.values()].sort((a, b) => (a.seam < b.seam ? -1 : 1));
}
