import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import type { z } from 'zod';
import { SettingsError } from '../settings';
import { readySource } from './readySource';
import type { Environment } from './secretKeys';
import type { Source, Sources } from './source';
import { sourcesSchema } from './sourceSchema';

/**
 * The sources that the setting SOURCES describes: JSON, or the path of a JSON or JSONC file, relative to the app's folder
 * (`folder`). Not set: none. Throws `SettingsError` that lists every fault; secrets are never in it.
 */
export function readSources(
  setting: string | undefined,
  environment: Environment,
  folder: string = process.cwd(),
): Sources {
  if (setting === undefined || setting.trim() === '') return new Map();
  const isText = setting.trimStart().startsWith('{');
  const where = isText ? 'SOURCES' : `SOURCES (${setting})`;
  const written = parseJsonc(isText ? setting : readFile(setting, folder), where);
  const parsed = sourcesSchema.safeParse(written);
  if (!parsed.success)
    throw new SettingsError(parsed.error.issues.flatMap(leaves).map((issue) => sentence(where, issue)));

  const ready = Object.entries(parsed.data).map(([name, source]) => readySource(name, source, environment));
  const faults = ready.flatMap((source) => (source.ok ? [] : source.faults));
  if (faults.length > 0) throw new SettingsError(faults.map((fault) => `${where}: ${fault}`));
  return new Map(ready.flatMap((one): [string, Source][] => (one.ok ? [[one.source.name, one.source]] : [])));
}

function readFile(path: string, folder: string): string {
  try {
    return readFileSync(resolve(folder, path), 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new SettingsError([
      `SOURCES is "${path}", which can’t be read (${code}): it should be JSON, or the path of a JSON file that is deployed with the app`,
    ]);
  }
}

function parseJsonc(text: string, where: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const first = errors[0];
  if (!first) return value;
  const before = text.slice(0, first.offset).split('\n');
  const what = printParseErrorCode(first.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  throw new SettingsError([
    `${where} is not valid JSON: ${what} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`,
  ]);
}

/** Of a union the schema tells what is wrong with each member; only the members that got furthest help. */
function leaves(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const [first = []] = [...issue.errors].sort((a, b) => deepest(b) - deepest(a));
  return first.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

const deepest = (issues: z.core.$ZodIssue[]): number => Math.max(0, ...issues.map(({ path }) => path.length));

function sentence(where: string, issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return `${where}: ${[path, issue.keys.join(', ')].filter((part) => part !== '').join('.')} is not known`;
  }
  const why = issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join(', ') : issue.message;
  return `${where}: ${path === '' ? 'the whole' : path}: ${why}`;
}
