import { execFileSync } from 'node:child_process';

export interface NodeRelease {
  path: string;
  version: string;
}

/** Major version that infra/main.bicep deploys. What a promise and a request cost differs from one to the next. */
export const DEPLOYED_NODE = 24;

/** Node of these major versions: the one that runs this, or the package `node` of the registry through npx. */
export function findNodes(majors: number[]): { found: NodeRelease[]; missing: number[] } {
  const found: NodeRelease[] = [];
  const missing: number[] = [];
  for (const major of majors) {
    const release = isMajor(process.version, major)
      ? { path: process.execPath, version: process.version }
      : throughNpx(major);
    if (release) found.push(release);
    else missing.push(major);
  }
  return { found, missing };
}

const isMajor = (version: string, major: number): boolean => version.startsWith(`v${major}.`);

function throughNpx(major: number): NodeRelease | undefined {
  const print = 'console.log(JSON.stringify({path:process.execPath,version:process.version}))';
  try {
    // A registry that can't be reached must not hold the benchmark up.
    const text = execFileSync('npx', ['--yes', `node@${major}`, '-e', print], {
      encoding: 'utf8',
      timeout: 120_000,
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: process.platform === 'win32',
    });
    const release = JSON.parse(text) as NodeRelease;
    return isMajor(release.version, major) ? release : undefined;
  } catch {
    return undefined;
  }
}
