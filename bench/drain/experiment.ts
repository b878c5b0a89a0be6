import { writeFileSync } from 'node:fs';
import type { BenchOutcome } from '../result';
import type { Experiment } from './options';
import { rowsOfRuns } from './rows';
import { type ArmRuns, runArm } from './runArm';

/** Runs what was asked for on the command line; the result is told, and kept where a file is named. */
export async function runExperiment(experiment: Experiment, log: (line: string) => void): Promise<BenchOutcome> {
  const { setup, isLearned, json } = experiment;
  const runs = await runArm(experiment, log);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ setup, ...runs }, undefined, 1)}\n`);
  const what = `${setup.workers} workers, ${setup.perSecond}`;
  return { rows: rowsOfArm(what, isLearned, runs), file: false };
}

const rowsOfArm = (what: string, isLearned: boolean, { first, second }: ArmRuns) =>
  isLearned
    ? [...rowsOfRuns(`${what}, first run`, first, {}), ...rowsOfRuns(`${what}, second run`, second, {})]
    : rowsOfRuns(what, first, {});
