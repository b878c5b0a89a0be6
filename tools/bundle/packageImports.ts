import { type ModuleItem, parseSync } from '@swc/core';

/** What our code uses of a package: the names of its exports, or everything where that can't be told. */
export type Used = Set<string> | 'everything';

/** By import specifier, such as `zod` or `csv-parse/sync`; a JSON file of ours by its path from the root, `./shared/…`. */
export type PackageImports = Map<string, Used>;

export interface FileImports {
  /** Specifiers of the imports that bring a value: those that may wait until it is used. */
  deferrable: string[];
  packages: PackageImports;
}

/** The imports of one TypeScript file. An import of types only is none; lint sees to it that those say `type`. */
export function importsOf(source: string): FileImports {
  const deferrable: string[] = [];
  const packages: PackageImports = new Map();
  for (const item of parseSync(source, { syntax: 'typescript', target: 'es2022' }).body) {
    const found = valueImport(item);
    if (!found) continue;
    deferrable.push(found.specifier);
    if (isPackage(found.specifier)) addUsed(packages, found.specifier, found.used);
  }
  for (const [, specifier = ''] of source.matchAll(/\bimport\('([^']+)'\)/g)) {
    if (isPackage(specifier)) addUsed(packages, specifier, 'everything');
  }
  return { deferrable, packages };
}

export const isPackage = (specifier: string): boolean => !/^(?:\.|\/|node:)/.test(specifier);

export function addUsed(packages: PackageImports, specifier: string, used: Used): void {
  const before = packages.get(specifier);
  const all = before === 'everything' || used === 'everything';
  packages.set(specifier, all ? 'everything' : new Set([...(before ?? []), ...used]));
}

function valueImport(item: ModuleItem): { specifier: string; used: Used } | undefined {
  if (item.type === 'ExportAllDeclaration') return { specifier: item.source.value, used: 'everything' };
  if (item.type === 'ExportNamedDeclaration' && item.source && !item.typeOnly) {
    return { specifier: item.source.value, used: 'everything' };
  }
  // `import './x'` runs x where it stands.
  if (item.type !== 'ImportDeclaration' || item.typeOnly || item.specifiers.length === 0) return undefined;
  const names = new Set<string>();
  for (const specifier of item.specifiers) {
    if (specifier.type === 'ImportNamespaceSpecifier') return { specifier: item.source.value, used: 'everything' };
    if (specifier.type === 'ImportDefaultSpecifier') names.add('default');
    else if (!specifier.isTypeOnly) names.add((specifier.imported ?? specifier.local).value);
  }
  return names.size === 0 ? undefined : { specifier: item.source.value, used: names };
}
