import { Script, createContext } from 'node:vm';
import library from './jsonata.json';

/** Compiles and gives the fault in words; defined once in a bare context, like those of sandboxProgram.ts. */
const PROGRAM = `((expression) => {
  try {
    jsonata(expression);
    return '';
  } catch (error) {
    return error.message + ' (' + error.code + ', at character ' + error.position + ')';
  }
})`;

let compile: ((expression: string) => string) | undefined;

/** What keeps a text from being a JSONata expression, or undefined. Compiles it and evaluates nothing. */
export function expressionFault(expression: string): string | undefined {
  compile ??= makeCompile();
  const fault = compile(expression);
  return fault === '' ? undefined : fault;
}

function makeCompile(): (expression: string) => string {
  const context = createContext(Object.create(null) as object, { codeGeneration: { strings: false, wasm: false } });
  new Script(library).runInContext(context);
  return new Script(PROGRAM).runInContext(context) as (expression: string) => string;
}
