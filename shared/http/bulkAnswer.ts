import type { HttpResponseInit } from '@azure/functions';
import type { Place } from '../domain/bulkEntry';
import type { Warning } from '../domain/invitation';
import type { Instant } from '../domain/time';
import type { ErrorDetail } from './errors';
import { locationOf } from './invitationAnswer';
import { type Refusal, requestRefusal } from './requestRefusal';

/** Why one entry made no invitation. */
export type EntryRefusal = Exclude<Refusal, { type: 'keyReused' | 'inProgress' }>;

export interface AnsweredEntry {
  place: Place;
  outcome: { type: 'accepted'; status: 202 | 200; id: string; warnings: Warning[] } | EntryRefusal;
}

/** An answer of a thousand entries stays readable, and small beside the body. */
const MOST_DETAILS = 10;

/**
 * 202 with a result for each entry in the order of the request, even where all were refused. Each has the status that it
 * would have got alone, its place, and the invitation's id or the error; the invitations themselves are at `location`.
 */
export function bulkAnswer(batchId: string, outcomes: AnsweredEntry[], url: string, now: Instant): HttpResponseInit {
  const value = outcomes.map(({ place, outcome }) => ({ ...place, ...resultOf(outcome, url, now) }));
  return { status: 202, headers: { 'Retry-After': '1' }, jsonBody: { batchId, ...countsOf(value), value } };
}

/** How many got each status; what a person looks at first. */
export function countsOf(results: { status: number }[]): { accepted: number; alreadyInvited: number; refused: number } {
  const accepted = results.filter(({ status }) => status === 202).length;
  const alreadyInvited = results.filter(({ status }) => status === 200).length;
  return { accepted, alreadyInvited, refused: results.length - accepted - alreadyInvited };
}

function resultOf(outcome: AnsweredEntry['outcome'], url: string, now: Instant): { status: number } {
  if (outcome.type !== 'accepted') return refusedResult(outcome, now);
  const { status, id, warnings } = outcome;
  return { status, ...located(id, url), ...(warnings.length > 0 ? { warnings } : {}) };
}

export const located = (id: string, url: string): { id: string; location: string } => ({
  id,
  location: locationOf(id, url),
});

/** With the error that the entry would have got alone. */
export function refusedResult(refusal: EntryRefusal, now: Instant): { status: number } {
  const answer = requestRefusal(shortened(refusal), now);
  const retryAfter = answer.headers['Retry-After'];
  const again = retryAfter === undefined ? {} : { retryAfter: Number(retryAfter) };
  return { status: answer.status, ...again, ...(answer.jsonBody as object) };
}

function shortened<T extends Refusal>(refusal: T): T {
  if (refusal.type !== 'invalid' || refusal.faults.length <= MOST_DETAILS) return refusal;
  const left = refusal.faults.length - MOST_DETAILS;
  const more: ErrorDetail = { code: 'moreFaults', message: `There are ${left} faults more, not listed here.` };
  return { ...refusal, faults: [...refusal.faults.slice(0, MOST_DETAILS), more] };
}
