import { createHmac } from 'node:crypto';
import { odata } from '@azure/data-tables';
import type { Instant } from '../domain/time';
import type { Tables } from './openTables';
import { TablesUnavailableError, calling, readOrUndefined, refusalOf } from './tablesError';

/** Whom a source speaks of: by its own number for the person, or by the keyed hash of the person's address. */
export type Subject = { source: string } & ({ externalId: string } | { person: string });

/** An invitation of a subject. It may not be stored yet, or never have been. */
export interface SourceLink {
  id: string;
  /** When it was asked for: the reception of its webhook event, or its request. */
  askedAt: Instant;
}

interface LinkEntity {
  partitionKey: string;
  rowKey: string;
  askedAt: Instant;
}

/** The last time that a source put an end to what a subject had. */
export interface SourceDecision {
  at: Instant;
  what: 'revoke' | 'replace';
}

type DecisionEntity = SourceDecision & { partitionKey: string; rowKey: string };

/** No invitation's id. */
const DECISION = 'decided';

const MOST_TRIES = 10;

/**
 * Table SourceLinks: which invitations a source asked for by whom they are for, so that later events of the source find
 * them whatever partition they are in. Hashes are keyed; nobody's number or address is in it.
 */
export function makeSourceLinks(tables: Tables, hashKey: string) {
  const table = tables.sourceLinks;

  const partitionOf = (subject: Subject): string => {
    const who = 'externalId' in subject ? `externalId:${subject.externalId}` : `person:${subject.person}`;
    return createHmac('sha256', hashKey).update(`source:${subject.source}\n${who}`).digest('hex').slice(0, 32);
  };

  /** Idempotent; written before the invitation, so none that is stored is missing here. */
  const link = async (subject: Subject, { id, askedAt }: SourceLink): Promise<void> => {
    const entity = { partitionKey: partitionOf(subject), rowKey: id, askedAt };
    await calling('link source', () => table.upsertEntity(entity, 'Replace'));
  };

  /** Newest first. */
  const linked = (subject: Subject): Promise<SourceLink[]> =>
    calling('read links of a source', async () => {
      const filter = odata`PartitionKey eq ${partitionOf(subject)} and RowKey ne ${DECISION}`;
      const found: SourceLink[] = [];
      for await (const { rowKey: id, askedAt } of table.listEntities<LinkEntity>({ queryOptions: { filter } })) {
        found.push({ id, askedAt });
      }
      return found.reverse();
    });

  const decision = (subject: Subject): Promise<(SourceDecision & { etag: string }) | undefined> =>
    readOrUndefined('read decision of a source', () => table.getEntity<DecisionEntity>(partitionOf(subject), DECISION));

  /** Notes a decision; an earlier one than what is noted changes nothing. */
  const decide = async (subject: Subject, decided: SourceDecision): Promise<void> => {
    const entity: DecisionEntity = { partitionKey: partitionOf(subject), rowKey: DECISION, ...decided };
    for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
      const found = await decision(subject);
      if (found && found.at >= decided.at) return;
      try {
        await calling('note decision of a source', () =>
          found ? table.updateEntity(entity, 'Replace', { etag: found.etag }) : table.createEntity(entity),
        );
        return;
      } catch (error) {
        if (refusalOf(error) === undefined) throw error;
      }
    }
    throw new TablesUnavailableError('note decision of a source', `${MOST_TRIES} others were faster`);
  };

  return { link, linked, decision, decide };
}

export type SourceLinks = ReturnType<typeof makeSourceLinks>;
