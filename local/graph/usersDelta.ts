import { z } from 'zod';
import { badRequest, failure, type Answer, type Call } from './answers';
import type { DirectoryUser } from './directory';
import { readJson } from './preconditions';
import type { Route } from './route';
import type { Simulation } from './simulation';
import { parseSelect, pick, type Selection } from './userProperties';

/**
 * `GET /users/delta`: https://learn.microsoft.com/graph/api/user-delta
 *
 * A round tells of a stretch of changes; its tokens hold that stretch and the `$select` it began with. They are worth nothing to another simulator or after a reset, which answers 410 as Graph does for a token that it gave up.
 * `behaviour.deltaReplays` tells every change once more in the round after it.
 */
export const userDeltaRoutes: Route[] = [
  {
    method: 'GET',
    pattern: /^\/users\/delta$/,
    permissions: ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
    answer: changedUsers,
  },
];

const roundSchema = z.object({
  era: z.string(),
  select: z.string().nullable(),
  /** Changes of the directory by number: from this one on, which is the first for a round without a token, … */
  from: z.number().int().min(0),
  /** … up to this one, which is the first of the next round. */
  to: z.number().int().min(0),
  position: z.number().int().min(0),
});
type Round = z.output<typeof roundSchema>;

const UNDERSTOOD = new Set(['$select', '$deltatoken', '$skiptoken']);

function changedUsers(simulation: Simulation, { query, version }: Call): Answer {
  const given = new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
  const stranger = [...given.keys()].find((name) => !UNDERSTOOD.has(name));
  if (stranger !== undefined) {
    return failure(400, 'Request_UnsupportedQuery', `Unsupported query parameter '${stranger}'.`);
  }
  const began = roundOf(simulation, given);
  if (began.type === 'refused') return began.answer;
  const selection = parseSelect(began.round.select);
  return selection.type === 'invalid'
    ? selection.answer
    : pageOf(simulation, began.round, selection, `${simulation.baseUrl}/${version}`);
}

type Begun = { type: 'round'; round: Round } | { type: 'refused'; answer: Answer };

function roundOf(simulation: Simulation, given: Map<string, string>): Begun {
  const { behaviour, now, deltaEra: era } = simulation;
  const hidden = simulation.directory.changes.findIndex(({ sinceMs }) => sinceMs > now() - behaviour.directoryLagMs);
  const to = hidden < 0 ? simulation.directory.changes.length : hidden;
  const select = given.get('$select') ?? null;
  const [deltaToken, skipToken] = [given.get('$deltatoken'), given.get('$skiptoken')];
  if (deltaToken?.toLowerCase() === 'latest') return begun({ era, select, from: to, to, position: 0 });
  const token = skipToken ?? deltaToken;
  if (token === undefined) return begun({ era, select, from: 0, to, position: 0 });

  const round = fromToken(token);
  if (!round) return { type: 'refused', answer: badRequest('Badly formed token.') };
  if (behaviour.deltaTokensExpired || round.era !== era) {
    behaviour.deltaTokensExpired = false;
    return { type: 'refused', answer: failure(410, 'syncStateNotFound', 'The sync state was not found. Start anew.') };
  }
  if (skipToken !== undefined) return begun(round);
  return begun({ ...round, from: behaviour.deltaReplays ? round.from : round.to, to, position: 0 });
}

const begun = (round: Round): Begun => ({ type: 'round', round });

function pageOf(
  simulation: Simulation,
  round: Round,
  selection: Exclude<Selection, { type: 'invalid' }>,
  root: string,
): Answer {
  const changes = changesIn(simulation, round, selection);
  const end = round.position + simulation.behaviour.deltaPageSize;
  const next = end < changes.length ? { ...round, position: end } : undefined;
  const fields = selection.type === 'some' ? `(${selection.asWritten})` : '';
  return {
    status: 200,
    body: {
      '@odata.context': `${root}/$metadata#users${fields}`,
      ...(next
        ? { '@odata.nextLink': `${root}/users/delta?$skiptoken=${toToken(next)}` }
        : { '@odata.deltaLink': `${root}/users/delta?$deltatoken=${toToken(round)}` }),
      value: changes.slice(round.position, end),
    },
  };
}

/** What of a round has to be told: whose selected properties are others than before, and who is gone. */
function changesIn(
  { directory }: Simulation,
  { from, to }: Round,
  { properties }: { properties: Properties },
): object[] {
  const withId = [...new Set([...properties, 'id' as const])];
  const told = (user: DirectoryUser | undefined) => user && pick(user, withId);
  const changes = directory.changes.slice(from, to);
  const first = new Map(changes.toReversed().map((change) => [change.id, change]));
  const last = new Map(changes.map((change) => [change.id, change]));
  return [...last].flatMap(([id, change]) => {
    const [before, after] = [told(first.get(id)?.before), told(change.after)];
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    return [after ?? { id, '@removed': { reason: 'deleted' } }];
  });
}

type Properties = Exclude<Selection, { type: 'invalid' }>['properties'];

const toToken = (round: Round): string => Buffer.from(JSON.stringify(round)).toString('base64url');

function fromToken(token: string): Round | undefined {
  return roundSchema.safeParse(readJson(Buffer.from(token, 'base64url').toString())).data;
}
