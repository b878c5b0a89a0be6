import { type Machine, type Rules, makeApplied, movesFrom } from './moves';
import { type Program, makeReplayer } from './replay';
import { makeNumberer, renamings } from './symmetry';
import type { Rows } from './table';
import { START_MS, type Graph } from './graph';
import { type Working, type World, keyOf, makeInterner } from './world';

export interface Start {
  rows: Rows;
  graph: Graph;
  /** One for each invocation that there may be: a hint, however it came, or a caller's request. */
  workers: { what: string; program: Program }[];
  /** How many of the first workers do the same and may exchange their names. */
  alike: number;
}

/** What is asked of every world, and of those from which nothing leads on. Undefined: all is well. */
export interface Checks {
  always: (world: World) => string | undefined;
  atRest?: (world: World) => string | undefined;
}

export interface Explored {
  states: number;
  /** Worlds from which nothing leads on. */
  ends: number;
  /** Whether some world had this many mails. */
  mostMails: number;
  /** The shortest way to a world that fails a check. */
  violation?: { what: string; trace: string[] };
}

/** More than any exploration here needs: an end to one that would run away. */
const MOST_STATES = 1_000_000;

/** Visits every world that the rules lead to, nearest first, and stops at the first that fails a check. */
export async function explore(start: Start, rules: Rules, checks: Checks): Promise<Explored> {
  const all = renamings(start.alike);
  const numberer = makeNumberer(all);
  const intern = makeInterner(numberer);
  const machine: Machine = { rules, applied: makeApplied(intern), replayer: makeReplayer(numberer) };
  const working: Working[] = [];
  for (const [name, { what, program }] of start.workers.entries()) {
    working.push({ what, place: await machine.replayer.start(what, program, name, START_MS) });
  }
  const { graph, rows } = start;
  const faultsLeft = rules.faults.most;
  const first: World = { nowMs: START_MS, tables: intern(rows), graph, working, told: [], faultsLeft };
  const visited = new Set([keyOf(first, all)]);
  const ways: Way[] = [{ from: -1, label: '' }];
  let frontier = [{ world: first, number: 0 }];
  let ends = 0;
  let mostMails = 0;
  const result = () => ({ states: visited.size, ends, mostMails });
  while (frontier.length > 0) {
    const next: typeof frontier = [];
    for (const { world, number } of frontier) {
      mostMails = Math.max(mostMails, world.graph.mails);
      const moves = await movesFrom(world, machine);
      if (moves.length === 0) ends += 1;
      const wrong = checks.always(world) ?? (moves.length === 0 ? checks.atRest?.(world) : undefined);
      if (wrong !== undefined) return { ...result(), violation: { what: wrong, trace: traceTo(number, ways) } };
      for (const { to, label } of moves) {
        const key = keyOf(to, all);
        if (visited.has(key)) continue;
        visited.add(key);
        next.push({ world: to, number: ways.push({ from: number, label }) - 1 });
      }
    }
    if (visited.size > MOST_STATES) throw new Error(`More than ${MOST_STATES} states: bound the rules.`);
    frontier = next;
  }
  return result();
}

/** From which world a world was reached first, and by what. */
interface Way {
  from: number;
  label: string;
}

function traceTo(number: number, ways: Way[]): string[] {
  const labels: string[] = [];
  for (let way = ways[number]; way && way.from >= 0; way = ways[way.from]) labels.unshift(way.label);
  return labels;
}
