import { type Summary, medianOf, summaryOf } from '../statistics';
import { openConnection } from './connection';
import { type BenchHost, startHost } from './hostProcess';
import { saturate } from './load';
import { peopleOf } from './people';
import { startRecorder } from './recording';
import { type Recording, type Script, startScript } from './scriptProcess';
import type { Stage } from './stage';

export const CONNECTIONS = 64;

export interface PostsOptions {
  seed: number;
  /** Requests of one arm in one round. */
  requests: number;
  /** Of one arm before that, not counted: V8 takes some thousand to compile what they need. */
  warmUp: number;
  /** With each set of processes. */
  rounds: number;
  /** How often all of it is started anew: V8 compiles the same code faster or slower from process to process. Default 1. */
  processes?: number;
  /** Node that runs what is measured; left out: this one. */
  execPath?: string;
  log: (line: string) => void;
}

/** The product over HTTP; the same writes by a script; the same writes, and nothing at all, behind the same HTTP layer. */
export const ARMS = ['ours', 'script', 'bare', 'empty'] as const;
export type Arm = (typeof ARMS)[number];

interface Round {
  perSecond: number;
  /** Processor time of the one process under test, a request. */
  cpuMs: number;
}

export type Posts = Record<Arm, { perSecond: Summary; cpuMs: Summary }> & {
  /** Round by round, so that a busy machine cancels out; medians. */
  ratios: {
    /** Ours ÷ theirs. */
    rate: Record<'script' | 'bare', number>;
    /** Theirs ÷ the script's. */
    cpu: Record<'ours' | 'bare', number>;
  };
};

/** Rounds in turn, forwards and backwards, after the warm-up, with one set of processes after another. */
export async function measurePosts(stage: Stage, options: PostsOptions): Promise<Posts> {
  const { processes = 1 } = options;
  const measured: Record<Arm, Round[]> = { ours: [], script: [], bare: [], empty: [] };
  for (let set = 1; set <= processes; set += 1) {
    if (processes > 1) options.log(`POST: processes ${set} of ${processes}`);
    await measureRounds(stage, options, set, measured);
  }
  return summaryOfAll(measured);
}

async function measureRounds(
  stage: Stage,
  options: PostsOptions,
  set: number,
  measured: Record<Arm, Round[]>,
): Promise<void> {
  const { rounds, log } = options;
  const arms = await startArms(stage, options, set);
  try {
    for (let round = 0; round <= rounds; round += 1) {
      for (const arm of round % 2 === 0 ? ARMS : ARMS.toReversed()) {
        const result = await arms.run[arm](round);
        if (round > 0) measured[arm].push(result);
      }
      log(round === 0 ? 'POST: warm' : `POST: round ${round} of ${rounds}: ${textOf(measured)}`);
    }
  } finally {
    await arms.end();
  }
}

function summaryOfAll(measured: Record<Arm, Round[]>): Posts {
  const summary = (arm: Arm) => ({
    perSecond: summaryOf(measured[arm].map((each) => each.perSecond)),
    cpuMs: summaryOf(measured[arm].map((each) => each.cpuMs)),
  });
  const ratio = (ours: Arm, theirs: Arm, of: keyof Round) =>
    medianOf(measured[ours].map((each, round) => each[of] / (measured[theirs][round]?.[of] ?? Number.NaN)));
  return {
    ours: summary('ours'),
    script: summary('script'),
    bare: summary('bare'),
    empty: summary('empty'),
    ratios: {
      rate: { script: ratio('ours', 'script', 'perSecond'), bare: ratio('ours', 'bare', 'perSecond') },
      cpu: { ours: ratio('ours', 'script', 'cpuMs'), bare: ratio('bare', 'script', 'cpuMs') },
    },
  };
}

const textOf = (measured: Record<Arm, Round[]>): string =>
  ARMS.map((arm) => `${arm} ${measured[arm].at(-1)?.perSecond.toFixed(0) ?? ''}/s`).join(', ');

async function startArms(stage: Stage, options: PostsOptions, set: number) {
  const opened: { end: () => Promise<void> }[] = [];
  const end = async () => {
    await Promise.all(opened.map((each) => each.end()));
  };
  const keep = <T extends { end: () => Promise<void> }>(each: T): T => {
    opened.push(each);
    return each;
  };
  try {
    return { run: await openArms(stage, options, set, keep), end };
  } catch (error) {
    await end();
    throw error;
  }
}

type Keep = <T extends { end: () => Promise<void> }>(opened: T) => T;

/** Whoever asks ends what it is told of. */
async function openArms(stage: Stage, options: PostsOptions, set: number, keep: Keep) {
  const { seed, requests, warmUp, rounds, execPath = process.execPath } = options;
  const countOf = (round: number) => (round === 0 ? warmUp : requests);
  const people = (arm: string, round: number) => peopleOf(seed, `${arm}${set}-${round}`, countOf(round));
  const bodies = (arm: string, round: number) => people(arm, round).map((each) => JSON.stringify(each));
  const functions = { files: 'functions/*.js', only: ['requestInvitation'], env: stage.env, execPath };
  const product = keep(await startHost(functions));
  const answer = await answerOf(product, bodies('first', 0)[0] ?? '');
  const recordings: Recording[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    recordings.push(await recordPosts(stage.env, people('bare', round)));
  }
  const files = await Promise.all(
    Array.from({ length: rounds + 1 }, async (_, round) =>
      stage.keep(`posts${set}-${round}`, await recordPosts(stage.env, people('script', round))),
    ),
  );
  const script = keep(await startScript(stage.env, { execPath }));
  const env = { ...stage.env, RECORDING: stage.keep(`bare${set}`, recordings.flat()), ANSWER: answer };
  const around = keep(await startHost({ files: 'bench/ingest/bareApp.js', execPath, env }));
  const over = (host: BenchHost, path: string, arm: Arm) => async (round: number) => {
    const cpuBefore = await host.cpuMs();
    const load = { port: host.port, path, bodies: bodies(arm, round), connections: CONNECTIONS };
    const { seconds } = await saturate(load);
    const count = countOf(round);
    return { perSecond: count / seconds, cpuMs: ((await host.cpuMs()) - cpuBefore) / count };
  };
  return {
    ours: over(product, '/api/invitations', 'ours'),
    script: (round: number) => runScript(script, files[round] ?? '', countOf(round)),
    bare: over(around, '/api/bare', 'bare'),
    empty: over(around, '/api/empty', 'empty'),
  };
}

async function runScript(script: Script, file: string, requests: number): Promise<Round> {
  const { seconds, cpuMs } = await script.run(file, CONNECTIONS);
  return { perSecond: requests / seconds, cpuMs: cpuMs / requests };
}

/** What the product answers to a request, which also has it lay out its tables. */
async function answerOf({ port }: BenchHost, body: string): Promise<string> {
  const connection = await openConnection(port);
  const answer = await connection.post('/api/invitations', body);
  connection.close();
  if (answer.status !== 202) throw new Error(`POST answered ${answer.status}: ${answer.body}`);
  return answer.body;
}

/** What each of these requests makes the product do. */
async function recordPosts(env: Record<string, string>, bodies: object[]): Promise<Recording> {
  const { services, taken } = startRecorder(env);
  const recording: Recording = [];
  for (const body of bodies) {
    const result = await services.requestInvitation({ body, caller: 'functionKey', idempotencyKey: undefined });
    if (result.type !== 'accepted') throw new Error(`A request was not accepted: ${JSON.stringify(result)}`);
    recording.push(taken());
  }
  return recording;
}
