import { MOST_IN_BULK } from '../../shared/domain/bulkEntry';
import { stringifyExactly } from '../../shared/domain/exactJson';
import { JSON_TYPE, fail } from '../api/invitations';
import { EXIT, type ExitCode, endpointFault } from '../cliFault';
import { readPeople } from '../people/readPeople';
import { type RequestOptions, withOptions } from '../people/requestOptions';
import { showProgress } from '../screen/progress';
import { bulkBody } from '../sending/deliver';
import {
  type Forecast,
  type ForecastCounts,
  type ShownForecast,
  forecastTable,
  forecastsOf,
  jsonOfForecast,
  tallyOfForecasts,
} from '../sending/forecast';
import { type Chunk, type Plan, planOf } from '../sending/plan';
import { jsonOfUnreadable } from '../sending/report';
import type { Session } from '../session';

/** Whoever asks beforehand wants to see every line; of a file of more than that, those that are not simply new. */
const MOST_SHOWN = 1000;

/** `b2b-invite dry-run`: what send would do with every line. Nothing is stored, mailed or remembered. */
export async function dryRun(session: Session, fileOrAddress: string, options: RequestOptions): Promise<ExitCode> {
  const { terminal, isJson } = session;
  const people = withOptions(await readPeople(fileOrAddress, session.place), options);
  // As much as one call takes: the app sees who is there twice within a call.
  const plan = await planOf(people, { leastChunk: MOST_IN_BULK });
  const seen = makeSeen(plan.lines);
  await askAll(session, plan, (each) => {
    seen.add(each);
    if (isJson) terminal.print(stringifyExactly('fault' in each ? jsonOfUnreadable(each) : jsonOfForecast(each)));
  });
  const shown = isJson ? '' : forecastTable(seen.shown(), terminal.look);
  if (shown !== '') terminal.print(shown);
  terminal.say(`${tallyOfForecasts(seen.counts)} Nothing was sent.`);
  return seen.counts.notRead + seen.counts.refused === 0 ? EXIT.ok : EXIT.someFailed;
}

/** Counts all, and keeps what a table shows. */
function makeSeen(lines: number) {
  const counts: ForecastCounts = { new: 0, alreadyOpen: 0, twice: 0, refused: 0, notRead: 0 };
  const shown: ShownForecast[] = [];
  let others = 0;
  const add = (each: ShownForecast): void => {
    const type = 'fault' in each ? 'notRead' : each.type;
    counts[type] += 1;
    if (lines > MOST_SHOWN && type === 'new') return;
    if (shown.length < MOST_SHOWN) shown.push(each);
    else others += 1;
  };
  return { add, counts, shown: () => ({ lines: shown.toSorted(byLine), others }) };
}

const lineOf = (each: ShownForecast): number => ('fault' in each ? each.line : each.entry.line);
const byLine = (a: ShownForecast, b: ShownForecast): number => lineOf(a) - lineOf(b);

/** Tells of every line, of those that can't be read when their turn comes. */
async function askAll(session: Session, plan: Plan, onLine: (each: ShownForecast) => void): Promise<void> {
  const progress = showProgress(session.terminal, { verb: 'looked at', total: plan.total }, session.nowMs);
  session.tell.line = progress.say;
  let done = 0;
  try {
    for await (const chunk of plan.chunks(onLine)) {
      (await ask(session, chunk)).forEach(onLine);
      done += chunk.entries.length;
      progress.update(done);
    }
  } finally {
    progress.end();
    session.tell.line = session.terminal.say;
  }
}

async function ask({ call }: Session, { entries }: Chunk): Promise<Forecast[]> {
  const asked = { headers: JSON_TYPE, body: bulkBody(entries), mayBeMissing: true };
  const answer = await call('POST', '/invitations/bulk?dryRun=true', asked);
  if (answer.status === 404) {
    throw endpointFault(
      'The app has no dry run (POST /invitations/bulk is not there): deploy a newer version, or check --url.',
    );
  }
  return forecastsOf(entries, answer.body) ?? fail(answer);
}
