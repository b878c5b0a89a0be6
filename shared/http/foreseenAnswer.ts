import type { HttpResponseInit } from '@azure/functions';
import type { Place } from '../domain/bulkEntry';
import type { Warning } from '../domain/invitation';
import type { Instant } from '../domain/time';
import { type EntryRefusal, countsOf, located, refusedResult } from './bulkAnswer';

export interface ForeseenEntry {
  place: Place;
  foreseen:
    | { type: 'new'; plan: object; warnings: Warning[] }
    | { type: 'open'; id: string; warnings: Warning[] }
    | { type: 'sameAs'; place: Place; isRefused: boolean }
    | EntryRefusal;
}

/** 200 with what each entry would get, and when what would happen: nothing was written. */
export function foreseenAnswer(entries: ForeseenEntry[], url: string, now: Instant): HttpResponseInit {
  const value = entries.map(({ place, foreseen }) => ({ ...place, ...resultOf(foreseen, url, now) }));
  return { status: 200, jsonBody: { dryRun: true, ...countsOf(value), value } };
}

function resultOf(foreseen: ForeseenEntry['foreseen'], url: string, now: Instant): { status: number } {
  switch (foreseen.type) {
    case 'new':
      return { status: 202, ...{ invitation: foreseen.plan }, ...warningsOf(foreseen.warnings) };
    case 'open':
      return { status: 200, ...located(foreseen.id, url), ...warningsOf(foreseen.warnings) };
    case 'sameAs':
      return { status: foreseen.isRefused ? 409 : 200, ...{ sameAs: foreseen.place } };
    default:
      return refusedResult(foreseen, now);
  }
}

const warningsOf = (warnings: Warning[]): { warnings?: Warning[] } => (warnings.length > 0 ? { warnings } : {});
