import { type Summary, medianOf, summaryOf } from '../statistics';
import { openConnection } from './connection';
import { startHost } from './hostProcess';
import { peopleOf } from './people';
import { startRecorder } from './recording';
import { type Recording, startScript } from './scriptProcess';
import type { Stage } from './stage';

export interface BulksOptions {
  seed: number;
  /** Calls of a thousand each, one after the other. */
  calls: number;
  rounds: number;
  log: (line: string) => void;
}

export interface Bulks {
  /** Invitations a second. */
  ours: Summary;
  bare: Summary;
  /** Ours ÷ bare, round by round, so that a busy machine cancels out; the median. */
  ratio: number;
}

const A_CALL = 1000;
/** As many transactions as the product has under way. */
const AT_ONCE = 16;

/** Bulk calls against the bare transactions that they come to, without their hints; turn and turn about after one of each. */
export async function measureBulks(stage: Stage, { seed, calls, rounds, log }: BulksOptions): Promise<Bulks> {
  const host = await startHost({ files: 'functions/*.js', only: ['bulkInvitations'], env: stage.env });
  const script = await startScript(stage.env);
  const ours: number[] = [];
  const bare: number[] = [];
  const perSecond = (seconds: number) => (calls * A_CALL) / seconds;
  const groups = (arm: string, round: number) =>
    Array.from({ length: calls }, (_, call) => peopleOf(seed, `${arm}${calls}.${round}.${call}`, A_CALL));
  const runOurs = async (round: number) => {
    ours[round] = perSecond(await post(host.port, groups('bulk', round)));
  };
  const runBare = async (round: number) => {
    const transactions = await recordTransactions(stage.env, groups('bareBulk', round));
    const { seconds } = await script.run(stage.keep(`bulk${calls}.${round}`, transactions), AT_ONCE);
    bare[round] = perSecond(seconds);
  };
  try {
    for (let round = 0; round <= rounds; round += 1) {
      for (const run of round % 2 === 0 ? [runOurs, runBare] : [runBare, runOurs]) await run(round);
      const text = `${ours[round]?.toFixed(0) ?? ''}/s, bare ${bare[round]?.toFixed(0) ?? ''}/s`;
      log(`bulk of ${calls * A_CALL}: round ${round} of ${rounds}: ${text}`);
    }
  } finally {
    await Promise.all([host.end(), script.end()]);
  }
  const counted = { ours: ours.slice(1), bare: bare.slice(1) };
  const ratio = medianOf(counted.ours.map((each, round) => each / (counted.bare[round] ?? Number.NaN)));
  return { ours: summaryOf(counted.ours), bare: summaryOf(counted.bare), ratio };
}

/** Seconds from the first call to the last answer. */
async function post(port: number, groups: object[][]): Promise<number> {
  const bodies = groups.map((invitations) => JSON.stringify({ invitations }));
  const connection = await openConnection(port);
  const beganMs = performance.now();
  for (const body of bodies) {
    const { status, body: text } = await connection.post('/api/invitations/bulk', body);
    const accepted = status === 202 ? Number(/"accepted":(\d+)/.exec(text)?.[1]) : 0;
    if (accepted !== A_CALL) throw new Error(`A bulk call answered ${status}: ${text.slice(0, 500)}`);
  }
  connection.close();
  return (performance.now() - beganMs) / 1000;
}

async function recordTransactions(env: Record<string, string>, groups: object[][]): Promise<Recording> {
  const { services, taken } = startRecorder(env);
  for (const bodies of groups) {
    await services.bulkInvitations({
      entries: bodies.map((body) => ({ body })),
      caller: 'functionKey',
      seesOnlyOwn: false,
      idempotencyKey: undefined,
    });
  }
  return taken().flatMap((operation) => (operation.type === 'transaction' ? [[operation]] : []));
}
