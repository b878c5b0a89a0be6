import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { BUGS, type Bug, plant } from './bugs';

/**
 * `npm run test:sabotage [-- words]`: plants known bugs one at a time in a copy of the tree, those alone whose name holds
 * one of the words. Each must compile, and a named test must fail, that passes without the bug. A bug that gets through is
 * a hole in the suite.
 */
const ROOT = path.join(__dirname, '..', '..');

const report = z.object({
  testResults: z.array(
    z.object({
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
      message: z.string().default(''),
    }),
  ),
});

const words = process.argv.slice(2);
const bugs = BUGS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));

interface Ran {
  passed: string[];
  failed: string[];
  /** Why a file could not even be loaded. */
  broken: string;
}

function copyTree(): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'sabotage-'));
  const files = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' }).split(
    '\0',
  );
  for (const file of files.filter((name) => name !== '')) cpSync(path.join(ROOT, file), path.join(copy, file));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  return copy;
}

const run = (copy: string, file: string, ...words: string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join('node_modules', file), ...words], {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  });
  return { status, output: stdout + stderr };
};

const build = (copy: string) => run(copy, 'typescript/bin/tsc', '-p', 'tsconfig.build.json');

function runTests(copy: string, file: string): Ran {
  const outputFile = path.join(copy, 'sabotage-report.json');
  rmSync(outputFile, { force: true });
  const { output } = run(copy, 'jest/bin/jest.js', '--json', '--outputFile', outputFile, '--runTestsByPath', file);
  let text: string;
  try {
    text = readFileSync(outputFile, 'utf8');
  } catch {
    return { passed: [], failed: [], broken: output };
  }
  const results = report.parse(JSON.parse(text)).testResults;
  const named = (status: string) =>
    results.flatMap(({ assertionResults }) =>
      assertionResults.filter((each) => each.status === status).map(({ fullName }) => fullName),
    );
  const broken = results.filter(({ assertionResults }) => assertionResults.length === 0).map(({ message }) => message);
  return { passed: named('passed'), failed: named('failed'), broken: broken.join('\n') };
}

/** Undefined when the bug was caught; else why it was not. */
function gotThrough(copy: string, bug: Bug): string | undefined {
  const target = path.join(copy, bug.file);
  const sound = readFileSync(target, 'utf8');
  writeFileSync(target, plant(sound, bug));
  try {
    const built = build(copy);
    if (built.status !== 0) return `it does not compile:\n${built.output}`;
    const { failed, broken } = runTests(copy, bug.test);
    if (failed.some((name) => bug.fails.test(name))) return undefined;
    return `no test named ${String(bug.fails)} failed (failed: ${failed.join(' | ') || 'none'}) ${broken}`;
  } finally {
    writeFileSync(target, sound);
  }
}

function baseline(copy: string): void {
  const built = build(copy);
  if (built.status !== 0) throw new Error(`The tree does not compile without any bug:\n${built.output}`);
  for (const file of new Set(bugs.map(({ test }) => test))) {
    const { passed, failed, broken } = runTests(copy, file);
    if (failed.length > 0 || broken !== '')
      throw new Error(`${file} fails without any bug: ${failed.join(' | ')} ${broken}`);
    const unknown = bugs.filter((bug) => bug.test === file && !passed.some((name) => bug.fails.test(name)));
    if (unknown.length > 0) throw new Error(`${file} has no test named ${String(unknown[0]?.fails)}.`);
    console.log(`baseline  ${file}: ${passed.length} passed`);
  }
}

const copy = copyTree();
let caught = 0;
try {
  baseline(copy);
  for (const bug of bugs) {
    const why = gotThrough(copy, bug);
    if (why === undefined) caught += 1;
    console.log(why === undefined ? `caught    ${bug.name}` : `MISSED    ${bug.name}: ${why}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${caught} of ${bugs.length} planted bugs were caught.`);
process.exitCode = caught === bugs.length ? 0 : 1;
