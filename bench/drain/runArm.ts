import { type OurRun, type Setup, runOurs, startScene } from './ours';
import { lineOf } from './tell';

export interface ArmRuns {
  /** All there are where the limit is known. */
  first: OurRun[];
  /** Those that started from what the gate had learned in the first. */
  second: OurRun[];
}

/** Each run on a scene of its own, with seeds that follow each other; a second run on the scene of its first. */
export async function runArm(
  { setup, isLearned, runs }: { setup: Setup; isLearned: boolean; runs: number },
  log: (line: string) => void,
): Promise<ArmRuns> {
  const done: ArmRuns = { first: [], second: [] };
  for (let run = 0; run < runs; run += 1) {
    const seeded = { ...setup, seed: setup.seed + run };
    const scene = await startScene(seeded);
    try {
      for (const name of isLearned ? (['first', 'second'] as const) : (['first'] as const)) {
        await scene.graph.reset();
        const result = await runOurs(scene, seeded, name);
        done[name].push(result);
        log(`  ${isLearned ? `${name} run: ` : ''}${lineOf(result)}`);
      }
    } finally {
      await scene.close();
    }
  }
  return done;
}
