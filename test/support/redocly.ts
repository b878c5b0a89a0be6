import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

const PROGRAM = path.join(
  path.dirname(createRequire(__filename).resolve('@redocly/cli/package.json')),
  'bin',
  'cli.js',
);

const report = z.object({
  problems: z.array(
    z.object({
      ruleId: z.string(),
      message: z.string(),
      location: z.array(z.object({ pointer: z.string().optional() })),
    }),
  ),
});

export interface Problem {
  rule: string;
  at: string | undefined;
  message: string;
}

/**
 * What Redocly's recommended rules, warnings included, find in an OpenAPI document of any version. Runs the program, which is
 * told to ask nobody on the network.
 * @see https://redocly.com/docs/cli/rules/recommended
 */
export async function lint(document: object): Promise<Problem[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'redocly-'));
  try {
    await writeFile(path.join(folder, 'document.json'), JSON.stringify(document));
    const { problems } = report.parse(JSON.parse(await run(folder)));
    return problems.map(({ ruleId, message, location }) => ({ rule: ruleId, at: location[0]?.pointer, message }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** It ends with code 1 where it finds errors; the report says more. */
function run(cwd: string): Promise<string> {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const given = [PROGRAM, 'lint', 'document.json', '--extends=recommended', '--format=json', '--max-problems=1000'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, given, { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout) => {
      if (stdout.startsWith('{')) resolve(stdout);
      else reject(error ?? new Error(`Redocly printed no report: ${stdout}`));
    });
  });
}
