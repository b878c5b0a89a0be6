import type { BenchResult } from '../result';
import * as tables from './capacityTables';
import type { SimulateDetails } from './details';
import { figure } from './markdown';

/** Tables of docs/capacity.md by the name of their place in it. */
export type Sections = Record<string, string>;

/** All figures of the document, from one result. */
export function sectionsOf({ startedAt, seed, command, details }: BenchResult): Sections {
  const all = details as SimulateDetails;
  return {
    origin: originOf({ startedAt, seed, command }, all),
    steps: tables.stepsTable(all),
    drain: tables.drainTable(all),
    requests: tables.requestsTable(all),
    partitions: tables.partitionsTable(all),
    instances: tables.instancesTable(all),
    tenants: tables.tenantsTable(all),
    year: tables.yearTable(all),
    stored: tables.storedTable(all),
    bills: tables.billsTable(all),
    ends: tables.endsTable(all),
  };
}

function originOf(
  { startedAt, seed, command }: Pick<BenchResult, 'startedAt' | 'seed' | 'command'>,
  all: SimulateDetails,
): string {
  const { measured, year, tenants } = all;
  const { from, bulkPerSecond } = measured;
  const used = Object.entries(from).map(
    ([name, { startedAt: at, commit }]) => `${name} (${at.slice(0, 10)}, ${commit})`,
  );
  return (
    `\`${command}\` on ${startedAt.slice(0, 10)}, seed ${seed}. It took from the results of ${used.join(', ')}; ` +
    `bulk calls are stored at ${figure(bulkPerSecond)} invitations a second, which is what that machine did. ` +
    `The tenants invited ${figure(tenants.invited)} together; the year is ${figure(year.lives)} lives, each counted ${figure(year.weight)} times.`
  );
}

/**
 * The document with each section between `<!-- simulate:NAME -->` and `<!-- /simulate:NAME -->` in place of what was there.
 *
 * @throws Error where a section has no place.
 */
export function withSections(document: string, sections: Sections): string {
  return Object.entries(sections).reduce((text, [name, content]) => {
    const [begin, end] = [`<!-- simulate:${name} -->`, `<!-- /simulate:${name} -->`];
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from < 0 || to < from)
      throw new Error(`docs/capacity.md has no place for ${name}: it should be ${begin} and ${end}.`);
    return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
  }, document);
}
