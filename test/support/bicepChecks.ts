import { posix } from 'node:path';
import type { Node } from 'web-tree-sitter';
import {
  type BicepFile,
  type Declaration,
  bodyOf,
  decoratorsOf,
  describedBy,
  fileAt,
  literal,
  propertiesOf,
  valueAt,
} from './bicep';

/** Checks of Bicep that need no Azure. Each gives a sentence for every fault it finds, and nothing where all is well. */
export type Check = (files: BicepFile[]) => string[];

const everywhere = (files: BicepFile[], faultsOf: (file: BicepFile) => string[]): string[] =>
  files.flatMap((file) => faultsOf(file).map((fault) => `${file.path}: ${fault}`));

export const syntaxFaults: Check = (files) =>
  everywhere(files, ({ root }) =>
    nodesOf(root)
      .filter((node) => node.isError || node.isMissing)
      .map((node) => `line ${node.startPosition.row + 1} is not Bicep: ${node.text.slice(0, 40)}`),
  );

/** Parameters, outputs, and the properties of types that are exported, each without a description. */
export const undescribed: Check = (files) =>
  everywhere(files, ({ declarations }) =>
    declarations.flatMap((declaration) => {
      const { kind, name, description, decorators, value } = declaration;
      if (kind === 'param' || kind === 'output') return description === undefined ? [`${name} has no description`] : [];
      if (kind !== 'type' || !decorators.includes('export')) return [];
      return propertiesOf(value)
        .filter(({ node }) => describedBy(decoratorsOf(node)) === undefined)
        .map((property) => `${name}.${property.name} has no description`);
    }),
  );

/** Modules and imports whose file is missing, parameters that a module lacks or does not know, outputs it has not. */
export const moduleFaults: Check = (files) =>
  everywhere(files, (file) => [...referenceFaults(file, files), ...outputFaults(file, files)]);

function referenceFaults(file: BicepFile, files: BicepFile[]): string[] {
  return file.declarations.flatMap((declaration) => {
    if (declaration.kind === 'import') return importFaults(declaration, file, files);
    if (declaration.kind !== 'module') return [];
    const target = targetOf(declaration, file, files);
    if (!target) return [`module ${declaration.name} refers to a file that is not there`];
    const given = propertiesOf(valueAt(bodyOf(declaration), 'params')).map(({ name }) => name);
    const params = target.declarations.filter(({ kind }) => kind === 'param');
    const lacking = params.filter((param) => isRequired(param) && !given.includes(param.name));
    const unknown = given.filter((name) => !params.some((param) => param.name === name));
    return [
      ...lacking.map(({ name }) => `module ${declaration.name} is not given ${name}`),
      ...unknown.map((name) => `module ${declaration.name} knows no parameter ${name}`),
    ];
  });
}

function importFaults(declaration: Declaration, file: BicepFile, files: BicepFile[]): string[] {
  const target = targetOf(declaration, file, files);
  if (!target) return ['an import refers to a file that is not there'];
  const exported = target.declarations
    .filter(({ decorators }) => decorators.includes('export'))
    .map(({ name }) => name);
  return importedNames(declaration)
    .filter((name) => !exported.includes(name))
    .map((name) => `${target.path} exports no ${name}`);
}

function outputFaults(file: BicepFile, files: BicepFile[]): string[] {
  return file.declarations
    .filter(({ kind }) => kind === 'module')
    .flatMap((declaration) => {
      const outputs = targetOf(declaration, file, files)?.declarations.filter(({ kind }) => kind === 'output') ?? [];
      const asked = [...file.text.matchAll(new RegExp(`\\b${declaration.name}[!?]?\\.outputs\\.(\\w+)`, 'g'))];
      return asked
        .map((match) => match[1])
        .filter((name) => !outputs.some((output) => output.name === name))
        .map((name) => `module ${declaration.name} has no output ${String(name)}`);
    });
}

/** Names that are used and declared nowhere, or declared and used nowhere. */
export const nameFaults: Check = (files) =>
  everywhere(files, ({ root, declarations }) => {
    const names = declarations.flatMap((one) => (one.kind === 'import' ? importedNames(one) : [one.name]));
    const used = nodesOf(root).filter(isUse);
    const unused = declarations.filter(
      ({ kind, name, decorators }) =>
        (kind === 'param' || kind === 'var' || kind === 'type') &&
        !decorators.includes('export') &&
        !used.some((node) => node.text === name),
    );
    return [
      ...used
        .filter((node) => !names.includes(node.text) && !isBoundAround(node))
        .map((node) => `${node.text} (line ${node.startPosition.row + 1}) is declared nowhere`),
      ...unused.map(({ kind, name }) => `${kind} ${name} is used nowhere`),
    ];
  });

const isRequired = ({ node, value, kind }: Declaration): boolean =>
  kind === 'param' &&
  value?.type === 'type' &&
  value.namedChildren[0]?.type !== 'nullable_type' &&
  !node.text.includes('=');

function targetOf({ node }: Declaration, file: BicepFile, files: BicepFile[]): BicepFile | undefined {
  const path = literal(node.namedChildren.find((child) => child.type === 'string'));
  return path === undefined ? undefined : fileAt(files, posix.join(posix.dirname(file.path), path));
}

const importedNames = ({ node }: Declaration): string[] =>
  node.namedChildren.filter((child) => child.type === 'identifier').map((child) => child.text);

export function nodesOf(node: Node): Node[] {
  return [node, ...node.namedChildren.flatMap(nodesOf)];
}

/** An identifier that stands for a value or a type: no key, no name that is being declared, no function. */
function isUse(node: Node): boolean {
  const { parent } = node;
  if (node.type !== 'identifier' || !parent) return false;
  if (parent.type.endsWith('_declaration') || parent.type === 'object_property') return !isFirst(node, parent);
  if (parent.type === 'call_expression') return !parent.childForFieldName('function')?.equals(node);
  return !['import_functionality', 'decorator', 'property_identifier'].includes(parent.type);
}

const isFirst = (node: Node, parent: Node): boolean => parent.namedChildren[0]?.equals(node) ?? false;

/** Whether a lambda or a loop around the node gives it its meaning. */
function isBoundAround(node: Node): boolean {
  for (let around = node.parent; around; around = around.parent) {
    const binding = around.namedChildren[0];
    if (around.type === 'lambda_expression' && binding?.text === node.text) return true;
    if (around.type === 'for_statement' && nodesOf(binding ?? around).some((name) => name.text === node.text))
      return true;
    if (around.type === 'for_loop_parameters') return true;
  }
  return false;
}
