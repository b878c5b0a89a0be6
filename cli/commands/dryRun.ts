import { MOST_IN_BULK } from '../../shared/domain/bulkEntry';
import { stringifyExactly } from '../../shared/domain/exactJson';
import { JSON_TYPE, fail } from '../api/invitations';
import { EXIT, type ExitCode, endpointFault } from '../cliFault';
import { readPeople } from '../people/readPeople';
import { type RequestOptions, withOptions } from '../people/requestOptions';
import { showProgress } from '../screen/progress';
import { bulkBody } from '../sending/deliver';
import { type Forecast, forecastTable, forecastsOf, jsonOfForecast, tallyOfForecasts } from '../sending/forecast';
import { type Chunk, type Plan, planOf } from '../sending/plan';
import { jsonOfUnreadable } from '../sending/report';
import type { Session } from '../session';

/** `b2b-invite dry-run`: what send would do with every line. Nothing is stored, mailed or remembered. */
export async function dryRun(session: Session, fileOrAddress: string, options: RequestOptions): Promise<ExitCode> {
  const { terminal, isJson } = session;
  const people = withOptions(readPeople(fileOrAddress, session.place), options);
  // As much as one call takes: the app sees who is there twice within a call.
  const plan = planOf(people, { leastChunk: MOST_IN_BULK });
  const forecasts = await askAll(session, plan);
  if (isJson) {
    for (const entry of plan.unreadable) terminal.print(stringifyExactly(jsonOfUnreadable(entry)));
    for (const forecast of forecasts) terminal.print(stringifyExactly(jsonOfForecast(forecast)));
  } else {
    terminal.print(forecastTable(forecasts, plan.unreadable, terminal.look));
  }
  terminal.say(`${tallyOfForecasts(forecasts, plan.unreadable)} Nothing was sent.`);
  const isFine = plan.unreadable.length === 0 && forecasts.every(({ type }) => type !== 'refused');
  return isFine ? EXIT.ok : EXIT.someFailed;
}

async function askAll(session: Session, { chunks }: Plan): Promise<Forecast[]> {
  const total = chunks.reduce((sum, { entries }) => sum + entries.length, 0);
  const progress = showProgress(session.terminal, { verb: 'looked at', total }, session.nowMs);
  session.tell.line = progress.say;
  const forecasts: Forecast[] = [];
  let done = 0;
  try {
    for (const chunk of chunks) {
      forecasts.push(...(await ask(session, chunk)));
      done += chunk.entries.length;
      progress.update(done);
    }
    return forecasts;
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
