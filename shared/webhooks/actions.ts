import { z } from 'zod';
import { type RequestFault, type RequestRules, parseRequest } from '../domain/parseRequest';

const request = z.record(z.string(), z.unknown(), { error: 'must be an object, the body of POST /invitations' });

const whom = {
  /** The address that the person was invited under. */
  email: z.string().min(1).max(320).optional(),
  /** The `externalId` that the request had, among those of the same source. */
  externalId: z
    .union([z.string(), z.number()])
    .transform(String)
    .refine((text) => text.length >= 1 && text.length <= 256, { error: 'must have 1 to 256 characters' })
    .optional(),
};

const oneOfBoth = ({ email, externalId }: { email?: string | undefined; externalId?: string | undefined }): boolean =>
  (email === undefined) !== (externalId === undefined);

const ONE_OF_BOTH = { error: 'must name either email or externalId', abort: true };

const invite = z.strictObject({ action: z.literal('invite'), request });
const revoke = z.strictObject({ action: z.literal('revoke'), ...whom });
const replace = z.strictObject({ action: z.literal('replace'), ...whom, request });

const actionSchema = z.discriminatedUnion(
  'action',
  [invite, revoke.refine(oneOfBoth, ONE_OF_BOTH), replace.refine(oneOfBoth, ONE_OF_BOTH)],
  { error: 'must have action invite, revoke or replace' },
);

/**
 * What a mapping wants done: invite somebody; revoke the open invitations of a person; replace the open invitation of a
 * person, whose address or data changed, by a new request.
 */
export type Action = z.output<typeof actionSchema>;

const MOST_ACTIONS = 1000;

export type ReadActions = { ok: true; actions: Action[] } | { ok: false; faults: string[] };

/**
 * Understands the result of a mapping: an action, an array of them, or nothing. An object without `action` counts as a
 * request to invite. Every request says that it comes from `source`, whatever the mapping says. Faults name places and
 * no values.
 */
export function readActions(result: unknown, source: string): ReadActions {
  const entries: unknown[] = result === undefined || result === null ? [] : Array.isArray(result) ? result : [result];
  if (entries.length > MOST_ACTIONS) {
    return { ok: false, faults: [`The mapping gives ${entries.length} actions; ${MOST_ACTIONS} is the most.`] };
  }
  const parsed = z.array(actionSchema).safeParse(entries.map(withAction));
  if (!parsed.success) return { ok: false, faults: parsed.error.issues.slice(0, 20).map(sentence) };
  return { ok: true, actions: parsed.data.map((action) => withSource(action, source)) };
}

const withAction = (entry: unknown): unknown =>
  typeof entry === 'object' && entry !== null && !Array.isArray(entry) && !Object.hasOwn(entry, 'action')
    ? { action: 'invite', request: entry }
    : entry;

function withSource(action: Action, source: string): Action {
  if (action.action === 'revoke') return action;
  const { externalId } = action.request;
  // Systems write their ids as numbers, too, and POST /invitations takes texts.
  const id = typeof externalId === 'number' ? { externalId: String(externalId) } : {};
  return { ...action, request: { ...action.request, ...id, source } };
}

const sentence = (issue: z.core.$ZodIssue): string => `actions.${issue.path.map(String).join('.')}: ${issue.message}`;

export interface ActionFaults {
  /** Which of the actions, from 0. */
  index: number;
  faults: RequestFault[];
}

/** The actions whose request POST /invitations would refuse, with the faults that it would name. */
export const requestFaults = (actions: Action[], rules: RequestRules): ActionFaults[] =>
  actions.flatMap((action, index) => {
    const parsed = action.action === 'revoke' ? undefined : parseRequest(action.request, rules);
    return parsed === undefined || parsed.ok ? [] : [{ index, faults: parsed.faults }];
  });
