import { runExperiment } from './drain/experiment';
import { USAGE, readExperiment } from './drain/options';
import type { BenchOptions, BenchOutcome } from './result';

/** How near to Graph's limit queued invitations get through: bench/drain/options.ts says what may be asked for. */
export async function run({ seed, args, log }: BenchOptions): Promise<BenchOutcome> {
  if (args.includes('--help')) {
    log(USAGE);
    return { rows: [], file: false };
  }
  const experiment = readExperiment(args, seed);
  if (experiment) return runExperiment(experiment, log);
  throw new Error('not yet');
}
