import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';

/** The Bicep of infra/, read as a syntax tree: what can be checked of it without Azure and without its compiler. */

const ROOT = join(__dirname, '../..');

export type Kind = 'import' | 'module' | 'output' | 'param' | 'resource' | 'type' | 'var';

export interface Declaration {
  kind: Kind;
  name: string;
  node: Node;
  /** The initial value, the body or the type: whatever the declaration ends with. */
  value: Node | undefined;
  description: string | undefined;
  decorators: string[];
  /** Line in its file, from 1. */
  line: number;
}

export interface BicepFile {
  /** From infra/, with forward slashes: `modules/storage.bicep`. */
  path: string;
  text: string;
  root: Node;
  declarations: Declaration[];
}

/** Changes of files by path: text that must stand in the file exactly once, and what to put there. */
export type Edits = Record<string, [find: string, replace: string][]>;

const KINDS: Record<string, Kind> = {
  import_functionality: 'import',
  module_declaration: 'module',
  output_declaration: 'output',
  parameter_declaration: 'param',
  resource_declaration: 'resource',
  type_declaration: 'type',
  variable_declaration: 'var',
};

let parser: Promise<Parser> | undefined;

async function openParser(): Promise<Parser> {
  await Parser.init();
  // As bytes: the package would import() node:fs/promises, which jest's modules do not allow.
  const language = await Language.load(readFileSync(require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')));
  return new Parser().setLanguage(language);
}

/** Every .bicep file below infra/, after the edits. The grammar knows no `extension` line: it is left out. */
export async function readInfra(edits: Edits = {}): Promise<BicepFile[]> {
  const open = await (parser ??= openParser());
  return readdirSync(join(ROOT, 'infra'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.bicep'))
    .map((name) => name.replaceAll('\\', '/'))
    .sort()
    .map((path) => {
      const text = edited(readText(`infra/${path}`), edits[path] ?? []).replace(/^extension .*$/m, '');
      const tree = open.parse(text);
      if (!tree) throw new Error(`${path} was not parsed.`);
      return { path, text, root: tree.rootNode, declarations: tree.rootNode.namedChildren.flatMap(declarationOf) };
    });
}

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export const readJson = (path: string): unknown => JSON.parse(readText(path));

/** The text with each edit made. Throws when what is to be replaced does not stand in it exactly once. */
export function edited(text: string, edits: [find: string, replace: string][]): string {
  return edits.reduce((before, [find, replace]) => {
    const count = before.split(find).length - 1;
    if (count !== 1) throw new Error(`"${find}" stands ${count} times, not once.`);
    return before.replace(find, () => replace);
  }, text);
}

function declarationOf(node: Node): Declaration[] {
  const kind = KINDS[node.type];
  const name = node.namedChildren.find((child) => child.type === 'identifier')?.text;
  if (!kind || name === undefined) return [];
  const decorators = decoratorsOf(node);
  const last = node.namedChildren.at(-1);
  const value = last?.type === 'identifier' && last.text === name ? undefined : last;
  const line = node.startPosition.row + 1;
  return [
    { kind, name, node, value, decorators: decorators.map(nameOfCall), description: describedBy(decorators), line },
  ];
}

/** The decorators right before a declaration or a property. */
export function decoratorsOf(node: Node): Node[] {
  const before = node.previousNamedSibling;
  return before?.type === 'decorators' ? before.descendantsOfType('call_expression') : [];
}

const nameOfCall = (call: Node): string => call.childForFieldName('function')?.text ?? '';

export function describedBy(decorators: Node[]): string | undefined {
  const description = decorators.find((call) => nameOfCall(call) === 'description');
  return description?.descendantsOfType('string_content')[0]?.text;
}

/** The text of a string without interpolation; undefined for anything else. */
export function literal(node: Node | undefined): string | undefined {
  if (node?.type !== 'string' || node.namedChildren.some((child) => child.type === 'interpolation')) return undefined;
  return node.namedChildren.map((child) => child.text).join('');
}

/** Properties of an object in their order; those of a spread or a nested resource are not among them. */
export function propertiesOf(object: Node | undefined): { name: string; value: Node; node: Node }[] {
  return (object?.namedChildren ?? []).flatMap((node) => {
    const [key, value] = node.type === 'object_property' ? node.namedChildren : [];
    return key && value ? [{ name: literal(key) ?? key.text, value, node }] : [];
  });
}

/** The object that a resource or module is made from, through `if` and `for`. */
export function bodyOf({ value }: Declaration): Node | undefined {
  let body = value;
  while (body && body.type !== 'object') body = body.childForFieldName('body') ?? body.namedChildren.at(-1);
  return body;
}

/** The value at a path such as `properties.sku.name` in an object, or undefined. */
export const valueAt = (object: Node | undefined, path: string): Node | undefined =>
  path
    .split('.')
    .reduce<Node | undefined>((at, name) => propertiesOf(at).find((property) => property.name === name)?.value, object);

/** The declaration of that kind and name; throws when the file has none. */
export function declared(files: BicepFile[], path: string, kind: Kind, name: string): Declaration {
  const found = fileAt(files, path)?.declarations.find((one) => one.kind === kind && one.name === name);
  if (!found) throw new Error(`infra/${path} has no ${kind} ${name}.`);
  return found;
}

export const fileAt = (files: BicepFile[], path: string): BicepFile | undefined =>
  files.find((file) => file.path === path);
