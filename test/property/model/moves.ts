import type { Policy } from '../../../shared/domain/policy';
import type { Answer, Effect } from './effects';
import { START_MS, type Graph, type Posting, landed, lookedUp } from './graph';
import { CALL_TIMEOUT_MS } from './programs';
import type { Place, Replayer } from './replay';
import { type Rows, addressOf, list, read, write } from './table';
import { type Intern, type Stored, type Working, type World } from './world';

/**
 * `answerLost`: a transaction is committed and nobody is told. `retriedByClient`: the same, and the client's own second
 * try is refused for what the first has done. `givenUp`: a call to Graph runs into its timeout, and Graph gets it later or
 * never. `throttled`: Graph answers 429. `unmailed`: an item is shared and the mail of it fails.
 */
export type FaultKind = 'answerLost' | 'retriedByClient' | 'givenUp' | 'throttled' | 'unmailed';

/** What may happen in an exploration, and how much of it. */
export interface Rules {
  policy: Policy;
  /** What may go wrong on the wires, and how often in one run. */
  faults: { most: number; kinds: readonly FaultKind[] };
  /**
   * `unbounded`: any worker may stand still anywhere for any time. `notAtSocket`: anywhere but between the check of its
   * lease and the end of its call, which the lease is made for. `none`: time moves only while nobody works.
   * A worker that dies is one that never moves again, so deaths are among the pauses.
   */
  pauses: 'unbounded' | 'notAtSocket' | 'none';
  /** How long the directory may hide a user that it has. */
  lagMs: number;
  horizonMs: number;
}

export interface Move {
  label: string;
  to: World;
}

export interface Machine {
  rules: Rules;
  replayer: Replayer;
  applied: Applied;
}

/** What a table effect does to tables and answers; the same worker at the same tables is looked at once. */
type Applied = (
  tables: Stored,
  place: Place,
  effect: Effect & { type: 'read' | 'list' | 'write' },
) => { tables: Stored; answer: Answer };

export function makeApplied(intern: Intern): Applied {
  const known = new Map<string, ReturnType<Applied>>();
  return (tables, place, effect) => {
    const key = `${tables.ids[0]}|${place.ids[0]}`;
    let found = known.get(key);
    if (!found) {
      const { rows } = tables;
      const result = performed(rows, effect);
      found = { tables: intern(result.rows), answer: result.answer };
      known.set(key, found);
    }
    return found;
  };
}

function performed(rows: Rows, effect: Effect & { type: 'read' | 'list' | 'write' }): { rows: Rows; answer: Answer } {
  switch (effect.type) {
    case 'write':
      return write(rows, effect.table, effect.actions);
    case 'read':
      return { rows, answer: read(rows, addressOf(effect.table, effect.partitionKey, effect.rowKey)) };
    case 'list':
      return { rows, answer: list(rows, `${effect.table}/${effect.prefix}`) };
  }
}

/** Every way on from a world. */
export async function movesFrom(world: World, machine: Machine): Promise<Move[]> {
  const moves = [...requestMoves(world), ...clockMoves(world, machine.rules)];
  for (const [index, worker] of world.working.entries()) {
    const others = world.working[index - 1];
    // Those who do the same and have not begun are alike: one of them is enough.
    if (isAtStart(worker) && others?.what === worker.what && isAtStart(others)) continue;
    moves.push(...(await workerMoves(world, worker, machine)));
  }
  return moves;
}

const isAtStart = ({ place }: Working): boolean => place.log.length === 1;

async function workerMoves(world: World, worker: Working, machine: Machine): Promise<Move[]> {
  const { place, what } = worker;
  const effect = place.next;
  if (!effect) throw new Error('A worker that has ended is not at work.');
  const moves: Move[] = [];
  // At the socket nobody pauses for ever under `notAtSocket`, so there a death is a move of its own.
  if (isPosting(effect) && machine.rules.pauses === 'notAtSocket') {
    moves.push({ label: `${what} ${place.name} dies at the socket`, to: replaced(world, worker, undefined) });
  }
  for (const { label, after, answer } of happenings(world, place, effect, machine)) {
    const next = await machine.replayer.resume(place, answer, world.nowMs);
    moves.push({ label: `${what} ${place.name} ${label}`, to: replaced(after, worker, next) });
  }
  return moves;
}

const isPosting = (effect: Effect | undefined): effect is Posting =>
  effect?.type === 'post' || effect?.type === 'deletePermission';

/** Whoever has ended is not at work any more. */
function replaced(world: World, worker: Working, next: Place | undefined): World {
  const stays = next?.next ? [{ what: worker.what, place: next }] : [];
  const working = world.working.flatMap((other) => (other === worker ? stays : [other]));
  return { ...world, working, told: next?.result === undefined ? world.told : [...world.told, next.result] };
}

interface Happening {
  label: string;
  after: World;
  answer: Answer;
}

const LOST: Answer = { type: 'lost' };
const THROTTLED: Answer = { type: 'refused', status: 429, retryAfterMs: 1_000 };
const NOTHING: Answer = { type: 'value', value: null };

/** What an effect may do, and what may be heard of it. What is no normal course costs one of the faults. */
function happenings(world: World, place: Place, effect: Effect, machine: Machine): Happening[] {
  switch (effect.type) {
    case 'begin':
      return [{ label: 'begins', after: world, answer: NOTHING }];
    case 'checkLease':
      return [{ label: 'checks its lease', after: world, answer: NOTHING }];
    case 'read': {
      const { answer } = machine.applied(world.tables, place, effect);
      return [{ label: `reads ${effect.rowKey.slice(0, 2)}`, after: world, answer }];
    }
    case 'list': {
      const { answer } = machine.applied(world.tables, place, effect);
      return [{ label: `lists ${effect.prefix.slice(3, 5)}`, after: world, answer }];
    }
    case 'write':
      return writings(world, place, effect, machine);
    case 'lookUp':
      return lookedUp(world.graph, effect.of, world.nowMs, machine.rules.lagMs).map((found) => ({
        ...found,
        after: world,
      }));
    case 'post':
    case 'deletePermission':
      return postings(world, place, effect, machine);
  }
}

/** A request that changes something: it is done, refused, done in part, or nobody hears of it. */
function postings(world: World, place: Place, effect: Posting, machine: Machine): Happening[] {
  const { graph, answer } = landed(world.graph, effect, world.nowMs);
  const underWay = leaveUnderWay(world.graph, place, effect);
  const isShare = effect.type === 'post' && effect.of === 'share';
  const unmailed = landed(world.graph, effect, world.nowMs, false);
  return [
    { label: labelOf(effect), after: { ...world, graph }, answer },
    ...fault('throttled', world, machine, { label: 'is throttled', answer: THROTTLED }),
    ...fault('givenUp', { ...world, graph: underWay }, machine, { label: 'waits in vain', answer: LOST }),
    ...(isShare
      ? fault('unmailed', { ...world, graph: unmailed.graph }, machine, {
          label: 'shares, and the mail fails',
          answer: unmailed.answer,
        })
      : []),
  ];
}

const labelOf = (effect: Posting): string => (effect.type === 'post' ? 'MAILS' : 'deletes the permission');

/** Something that goes wrong, where the rules still allow it. */
function fault(kind: FaultKind, world: World, { rules }: Machine, heard: Omit<Happening, 'after'>): Happening[] {
  const isPossible = world.faultsLeft > 0 && rules.faults.kinds.includes(kind);
  return isPossible ? [{ ...heard, after: { ...world, faultsLeft: world.faultsLeft - 1 } }] : [];
}

/** A write that never arrives is one whose worker pauses before it, so only answers are lost here. */
function writings(world: World, place: Place, effect: Effect & { type: 'write' }, machine: Machine): Happening[] {
  const { tables, answer } = machine.applied(world.tables, place, effect);
  const what = `writes (${effect.actions.map(([type, { rowKey }]) => `${type} ${rowKey.slice(0, 2)}`).join(', ')})`;
  if (answer.type === 'refused') {
    return [{ label: `${what}, refused with ${answer.status}`, after: world, answer }];
  }
  const after = { ...world, tables };
  // The client meets what its own first try has done.
  const again = machine.applied(tables, place, effect).answer;
  return [
    { label: what, after, answer },
    ...fault('answerLost', after, machine, { label: `${what}, answer lost`, answer: LOST }),
    ...fault('retriedByClient', after, machine, { label: `${what}, tried again by the client`, answer: again }),
  ];
}

const leaveUnderWay = (graph: Graph, place: Place, effect: Posting): Graph => ({
  ...graph,
  underWay: [...graph.underWay, { effect, untilMs: checkedAt(place) + CALL_TIMEOUT_MS }],
});

const checkedAt = (place: Place): number => place.log.at(-1)?.atMs ?? 0;

/** Graph gets a request that nobody waits for any more, or never does. */
const requestMoves = (world: World): Move[] =>
  world.graph.underWay.flatMap(({ effect }) => {
    const underWay = world.graph.underWay.filter((other) => other.effect.attemptId !== effect.attemptId);
    const rest = { ...world.graph, underWay };
    return [
      {
        label: `the request given up reaches Graph: ${labelOf(effect)}`,
        to: { ...world, graph: landed(rest, effect, world.nowMs).graph },
      },
      { label: `the request given up never reaches Graph`, to: { ...world, graph: rest } },
    ];
  });

/**
 * Time goes from one deadline to the next: what anyone does depends on little else. A lease that is over before its
 * wake-up comes is not looked at by anyone but its own worker, who finds the same when the wake-up has come.
 */
function clockMoves(world: World, rules: Rules): Move[] {
  if (rules.pauses === 'none' && world.working.some((worker) => !isAtStart(worker))) return [];
  const next = world.tables.deadlines.find((atMs) => atMs > world.nowMs);
  if (next === undefined || next > START_MS + rules.horizonMs) return [];
  if (rules.pauses === 'notAtSocket' && next > lastMomentAtSocket(world)) return [];
  return [{ label: `— ${(next - world.nowMs) / 1000} s go by —`, to: { ...world, nowMs: next } }];
}

/** When the first of the calls that are out runs into its timeout. */
const lastMomentAtSocket = ({ graph, working }: World): number =>
  Math.min(
    ...working.filter(({ place }) => isPosting(place.next)).map(({ place }) => checkedAt(place) + CALL_TIMEOUT_MS),
    ...graph.underWay.map(({ untilMs }) => untilMs),
  );
