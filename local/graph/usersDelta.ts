import { z } from 'zod';
import { badRequest, failure, type Answer, type Call } from './answers';
import { readJson } from './preconditions';
import type { Route } from './route';
import type { Simulation } from './simulation';
import { parseSelect, pick, type Selection } from './userProperties';

/**
 * `GET /users/delta`: https://learn.microsoft.com/graph/api/user-delta
 *
 * A round of changes covers a stretch of time; its tokens hold that stretch and the `$select` it began with. They are
 * worth nothing to another simulator or after a reset, which answers 410 as Graph does for a token that it gave up.
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
  /** After that; null: from the beginning, so everybody. */
  fromMs: z.number().nullable(),
  /** Up to and with that. */
  toMs: z.number(),
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
  // A change in this very millisecond belongs to the next round: more may come in it.
  const toMs = now() - behaviour.directoryLagMs - 1;
  const select = given.get('$select') ?? null;
  const [deltaToken, skipToken] = [given.get('$deltatoken'), given.get('$skiptoken')];
  if (deltaToken?.toLowerCase() === 'latest') return begun({ era, select, fromMs: toMs, toMs, position: 0 });
  const token = skipToken ?? deltaToken;
  if (token === undefined) return begun({ era, select, fromMs: null, toMs, position: 0 });

  const round = fromToken(token);
  if (!round) return { type: 'refused', answer: badRequest('Badly formed token.') };
  if (behaviour.deltaTokensExpired || round.era !== era) {
    behaviour.deltaTokensExpired = false;
    return { type: 'refused', answer: failure(410, 'syncStateNotFound', 'The sync state was not found. Start anew.') };
  }
  if (skipToken !== undefined) return begun(round);
  return begun({ ...round, fromMs: behaviour.deltaReplays ? round.fromMs : round.toMs, toMs, position: 0 });
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
function changesIn({ directory }: Simulation, { fromMs, toMs }: Round, { properties }: { properties: Properties }) {
  const withId = [...new Set([...properties, 'id' as const])];
  return directory.changedBetween(fromMs, toMs).flatMap((id): object[] => {
    const [before, after] = [
      fromMs === null ? undefined : directory.findAsOf(id, fromMs),
      directory.findAsOf(id, toMs),
    ];
    if (!after) return fromMs === null ? [] : [{ id, '@removed': { reason: 'deleted' } }];
    const told = pick(after, withId);
    return before && JSON.stringify(pick(before, withId)) === JSON.stringify(told) ? [] : [told];
  });
}

type Properties = Exclude<Selection, { type: 'invalid' }>['properties'];

const toToken = (round: Round): string => Buffer.from(JSON.stringify(round)).toString('base64url');

function fromToken(token: string): Round | undefined {
  return roundSchema.safeParse(readJson(Buffer.from(token, 'base64url').toString())).data;
}
