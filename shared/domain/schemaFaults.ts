import type { z } from 'zod';
import type { RequestFault } from './requestRules';

const READ_ONLY = new Set(['id', 'inviteRedeemUrl', 'status']);

/** A body of 64 KiB has room for thousands of faults; nobody reads more than these, and the answer stays small. */
const MOST_FAULTS = 50;

/** What is wrong with a body by the schema's issues, in words: one fault for each target and message. */
export function schemaFaults(issues: z.core.$ZodIssue[]): RequestFault[] {
  const faults = dedupe(issues.flatMap(faultsOf));
  if (faults.length <= MOST_FAULTS) return faults;
  const left = faults.length - MOST_FAULTS;
  const more = { code: 'moreFaults', target: 'body', message: `There are ${left} faults more, not listed here.` };
  return [...faults.slice(0, MOST_FAULTS), more];
}

/** Names of the body's own properties in which issues lie. */
export const propertiesOf = (issues: z.core.$ZodIssue[]): Set<PropertyKey> =>
  new Set(issues.flatMap((issue) => pathsOf(issue).flatMap((path) => path.slice(0, 1))));

/** Where an issue lies: the schema tells several unknown names in one. */
const pathsOf = (issue: z.core.$ZodIssue): PropertyKey[][] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];

/** The schema lists a fault once for each check that fails; one for each target and message is enough to mend it. */
const dedupe = (faults: RequestFault[]): RequestFault[] => [
  ...new Map(faults.map((fault) => [`${fault.target} ${fault.message}`, fault])).values(),
];

/**
 * What a caller uses as a name may be anything: an address, a page of text, marks that turn the line around. Only what
 * looks like a name is repeated.
 */
const LIKE_A_NAME = /^[\p{L}\p{M}\p{N}_ .:$-]{0,100}(@odata\.\w{1,30})?$/u;

const targetOf = (path: PropertyKey[]): string =>
  path
    .map(String)
    .map((name) => (LIKE_A_NAME.test(name) ? name : '(no name)'))
    .join('.');

function faultsOf(issue: z.core.$ZodIssue): RequestFault[] {
  const target = targetOf(issue.path);
  if (issue.code === 'unrecognized_keys') return pathsOf(issue).map(unknownProperty);
  if (issue.code === 'invalid_key') {
    const why = issue.issues.map(({ message }) => message).join(', ');
    return [{ code: 'invalidValue', target, message: `The name of ${target} is not valid: ${why}.` }];
  }
  if ((issue.code === 'invalid_type' || issue.code === 'invalid_union') && issue.input === undefined) {
    return [{ code: 'required', target, message: `${target} is required.` }];
  }
  return [{ code: 'invalidValue', target, message: `${target} ${sentence(issue)}.` }];
}

function unknownProperty(path: PropertyKey[]): RequestFault {
  const target = targetOf(path);
  const name = String(path.at(-1));
  const isReadOnly = (path.length === 1 && READ_ONLY.has(name)) || path[0] === 'invitedUser';
  return isReadOnly
    ? { code: 'readOnlyProperty', target, message: `${target} is read-only: Microsoft Graph sets it. Leave it out.` }
    : {
        code: 'unknownProperty',
        target,
        message: `${target} is not a property of an invitation. Leave it out or correct its name.`,
      };
}

/** A custom check already says what must be; the schema's own sentences get the same beginning. */
function sentence(issue: z.core.$ZodIssue): string {
  const message = issue.message.replace(/\.$/, '');
  return /^(must|is|has|holds|begins|takes|names)\b/.test(message) ? message : `is not valid: ${message}`;
}
