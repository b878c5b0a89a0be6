import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface WrittenApp {
  root: string;
  remove: () => void;
}

/** Writes a function app of these files where `require('@azure/functions')` finds this repository's. */
export function writeApp(files: Record<string, string>): WrittenApp {
  const cache = path.join(__dirname, '../../node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const root = mkdtempSync(path.join(cache, 'functionApp-'));
  const all = { 'package.json': '{"main": "functions/*.js"}', 'host.json': '{"version": "2.0"}', ...files };
  mkdirSync(path.join(root, 'functions'));
  for (const [name, content] of Object.entries(all)) writeFileSync(path.join(root, name), content);
  return { root, remove: () => rmSync(root, { recursive: true }) };
}
