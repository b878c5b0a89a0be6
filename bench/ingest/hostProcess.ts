import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { startFunctionsHost } from '../../local/functionsHost/startFunctionsHost';
import { ROOT } from '../result';
import { type ChildOptions, answerParent, startChild } from './child';

export interface HostOptions extends ChildOptions {
  /** Compiled files that register functions, below dist: a path, or a pattern as in package.json's `main`. */
  files: string;
  /** These functions alone. */
  only?: string[];
  env: Record<string, string>;
}

/** Functions in a host of their own process, as Azure's worker would run them. */
export interface BenchHost {
  port: number;
  /** Processor time that the process has taken so far. */
  cpuMs: () => Promise<number>;
  end: () => Promise<void>;
}

interface StartCommand {
  appRoot: string;
  only?: string[];
}

/** With the product's own host.json, so nothing but what is asked for differs from how it is deployed. */
export async function startHost({ files, only, env, ...options }: HostOptions): Promise<BenchHost> {
  const appRoot = mkdtempSync(join(tmpdir(), 'bench-host-'));
  const main = relative(appRoot, join(ROOT, 'dist', files))
    .split(sep)
    .join('/');
  writeFileSync(join(appRoot, 'package.json'), JSON.stringify({ name: 'bench', main }));
  cpSync(join(ROOT, 'host.json'), join(appRoot, 'host.json'));
  const child = startChild(__filename, env, options);
  const end = async () => {
    await child.end();
    rmSync(appRoot, { recursive: true, force: true });
  };
  try {
    const command: StartCommand = { appRoot, ...(only ? { only } : {}) };
    const port = (await child.ask('start', command)) as number;
    return { port, end, cpuMs: async () => (await child.ask('cpuMs')) as number };
  } catch (error) {
    await end();
    throw error;
  }
}

if (require.main === module) {
  answerParent({
    start: async (argument) => {
      const { appRoot, only } = argument as StartCommand;
      const host = await startFunctionsHost({
        appRoot,
        httpPort: 0,
        ...(only ? { onlyFunctions: only } : {}),
        onLog: ({ level, message }) => {
          if (level === 'error' || level === 'critical') console.error(message);
        },
      });
      return host.httpPort;
    },
  });
}
