import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Finding, compare, isBad } from './compare';
import { type BenchResult, RESULTS, ROOT, readResult } from './result';

const USAGE = `npm run bench:check [-- --against REF] [--all]

Compares the results in bench/results, as "npm run bench" has just written them, with the committed ones: ratios and
aims alone, for times are the machine's. Tells what got worse by more than its own runs spread over; 1 is the exit code then.
  --against REF  of git, HEAD unless told
  --all          tells what stayed the same too`;

/** As committed; undefined where there is none, or nothing to compare: coldStart's of old has no rows. */
function committed(file: string, ref: string): BenchResult | undefined {
  try {
    const text = execFileSync('git', ['show', `${ref}:bench/results/${file}.json`], {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const result = JSON.parse(text) as Partial<BenchResult>;
    return result.rows ? (result as BenchResult) : undefined;
  } catch {
    return undefined;
  }
}

function main(): void {
  const { values } = parseArgs({
    options: {
      against: { type: 'string', default: 'HEAD' },
      all: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const files = existsSync(RESULTS) ? readdirSync(RESULTS).filter((name) => name.endsWith('.json')) : [];
  const findings = files.flatMap((name): Finding[] => checkOne(name.replace(/\.json$/, ''), values.against));
  if (findings.length === 0) {
    console.log(`Nothing was measured anew since ${values.against}: "npm run bench" first.`);
    return;
  }
  const told = findings.filter((finding) => values.all || finding.type !== 'same');
  for (const { type, what, text } of told) console.log(`${type.padEnd(6)}  ${what}: ${text}`);
  const bad = findings.filter(isBad).length;
  console.log(`${findings.length} compared, ${bad} worse.`);
  if (bad > 0) process.exitCode = 1;
}

/** Nothing for a file that nobody has measured anew. */
function checkOne(file: string, ref: string): Finding[] {
  const [kept, today] = [committed(file, ref), readResult(file)];
  if (!kept || !today || kept.startedAt === today.startedAt) return [];
  return compare(kept, today).map((finding) => ({ ...finding, what: `${file}: ${finding.what}` }));
}

main();
