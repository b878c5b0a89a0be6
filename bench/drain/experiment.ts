import { writeFileSync } from 'node:fs';
import type { BenchOutcome, BenchRow } from '../result';
import { type OurRun, runOurs, startScene } from './ours';
import type { Experiment } from './options';
import { rowsOfArm } from './rows';
import { lineOf } from './tell';

/** Runs what was asked for on the command line, and tells each run in a line. */
export async function runExperiment(
  { setup, isTwice, runs, json }: Experiment,
  log: (line: string) => void,
): Promise<BenchOutcome> {
  const names = isTwice ? ['first', 'second'] : ['known'];
  const arms = new Map<string, OurRun[]>(names.map((name) => [name, []]));
  for (let run = 0; run < runs; run += 1) {
    const scene = await startScene({ ...setup, seed: setup.seed + run });
    try {
      for (const name of names) {
        await scene.graph.reset();
        const result = await runOurs(scene, setup, name);
        arms.get(name)?.push(result);
        log(lineOf(name, result));
        if (json !== undefined)
          writeFileSync(json, `${JSON.stringify({ setup, arms: Object.fromEntries(arms) }, undefined, 1)}\n`);
      }
    } finally {
      await scene.close();
    }
  }
  const rows = [...arms].flatMap(([name, results]): BenchRow[] =>
    rowsOfArm(`${setup.workers} workers, ${name}`, results),
  );
  return { rows, file: false };
}
