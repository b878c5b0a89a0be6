import type { TransactionAction } from '@azure/data-tables';
import { policyOf, rulesOf } from '../../shared/clients/policyOf';
import { applyOutcome, placeIntent } from '../../shared/domain/applyOutcome';
import type { Change } from '../../shared/domain/history';
import { invitationId, partitionOf, personHash } from '../../shared/domain/ids';
import type { SendIntent } from '../../shared/domain/invitation';
import { newInvitation } from '../../shared/domain/newInvitation';
import { parseRequest } from '../../shared/domain/parseRequest';
import { type Instant, addMs } from '../../shared/domain/time';
import type { Settings } from '../../shared/settings';
import type { StoredInvitation } from '../../shared/tables/invitationEntity';
import { transactionOf } from '../../shared/tables/transactionOf';
import { randomOf } from '../random';

/** One of the people of a population. */
export interface Invited {
  email: string;
  /** Normalised and hashed. */
  person: string;
  invitationId: string;
  /** In the directory; undefined before the first mail. */
  userId: string | undefined;
  /** What the table Invitations holds of it. */
  entities: WireEntity[];
}

type WireEntity = Record<string, unknown> & { PartitionKey: string; RowKey: string };

export interface PopulationOptions {
  size: number;
  /** So many are due right before `at`: half of them first sends, half redemption checks. Nothing else is within an hour. */
  due: number;
  seed: number;
  at: Instant;
  settings: Settings;
}

/** Of ten that are not due, one is queued for later and nine were mailed within a day. */
const QUEUED_OF_TEN = 1;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Open invitations as the product leaves them, one after the other: each goes the way of a request (domain and transactions
 * are the product's own), and what its transactions wrote is what comes out. The same seed gives the same people.
 */
export function* population(options: PopulationOptions): Generator<Invited> {
  const random = randomOf(options.seed);
  const make = makeInvited(options, random);
  for (let nth = 0; nth < options.size; nth += 1) {
    const isDue = nth < options.due;
    const isQueued = isDue ? nth % 2 === 0 : nth % 10 < QUEUED_OF_TEN;
    yield isQueued ? make.queued(nth, isDue) : make.mailed(nth, isDue);
  }
}

function makeInvited({ seed, at, settings }: PopulationOptions, random: () => number) {
  const policy = policyOf(settings);
  const rules = rulesOf(settings);
  const bytes = (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256));
  const uuid = () => uuidOf(bytes(16));
  const between = (from: number, to: number) => Math.floor(from + random() * (to - from));

  const requested = (nth: number, createdAt: Instant, sendAt: Instant) => {
    const email = `person.${nth}.of.${seed}@fabrikam.com`;
    const parsed = parseRequest(
      { invitedUserEmailAddress: email, inviteRedirectUrl: 'https://myapp.contoso.com' },
      rules,
    );
    const [asked] = parsed.ok ? parsed.asked : [];
    if (!asked) throw new Error(`The request of ${email} was not understood: ${JSON.stringify(parsed)}`);
    const person = personHash(settings.HASH_KEY, asked.person);
    const id = invitationId(Date.parse(createdAt), bytes(10), partitionOf(person, settings.PARTITIONS));
    const { request, warnings } = asked;
    const made = { id, person, caller: 'bench', request, warnings, takesClaim: true, sendAt };
    return { email, person, id, change: newInvitation(made, createdAt) };
  };

  const queued = (nth: number, isDue: boolean): Invited => {
    const sendAt = addMs(at, isDue ? -between(0, MINUTE_MS) : between(HOUR_MS, 12 * HOUR_MS));
    const { email, person, id, change } = requested(nth, addMs(at, -HOUR_MS), sendAt);
    const written = writing(policy, uuid);
    written.write(change, addMs(at, -HOUR_MS));
    return { email, person, invitationId: id, userId: undefined, entities: written.entities() };
  };

  const mailed = (nth: number, isDue: boolean): Invited => {
    const dayMs = policy.checkRedemptionEveryMs;
    const sentAt = addMs(at, isDue ? -dayMs - between(0, MINUTE_MS) : -between(0, dayMs - HOUR_MS));
    const createdAt = addMs(sentAt, -1000);
    const { email, person, id, change } = requested(nth, createdAt, createdAt);
    const userId = uuid();
    const written = writing(policy, uuid);
    const { invitation } = written.write(change, createdAt);
    const intent: SendIntent = {
      purpose: 'send',
      number: 0,
      cause: 'first',
      attemptId: uuid(),
      startedAt: sentAt,
      leaseEndsAt: addMs(sentAt, policy.sendLeaseMs),
      before: { known: false },
      graphNow: sentAt,
    };
    const begun = written.write(certainly(placeIntent(invitation, intent)), sentAt);
    const graph = { id: uuid(), status: 'PendingAcceptance', invitedUser: { id: userId } };
    const outcome = { type: 'sent' as const, attemptId: intent.attemptId, graph };
    written.write(certainly(applyOutcome(begun.invitation, outcome, sentAt, policy)), sentAt);
    return { email, person, invitationId: id, userId, entities: written.entities() };
  };

  return { queued, mailed };
}

function certainly(change: Change | undefined): Change {
  if (!change)
    throw new Error('The workflow does not go this way any more: what this population is made by is out of date.');
  return change;
}

/** What is left in the table after the transactions of one invitation. */
function writing(policy: ReturnType<typeof policyOf>, uuid: () => string) {
  const entities = new Map<string, WireEntity>();
  let stored: StoredInvitation | undefined;
  const apply = ([type, { partitionKey, rowKey, ...properties }]: TransactionAction): void => {
    if (type === 'delete') entities.delete(rowKey);
    else entities.set(rowKey, { PartitionKey: partitionKey, RowKey: rowKey, ...properties });
  };
  return {
    write: (change: Change, now: Instant): StoredInvitation => {
      const { actions, after } = transactionOf(stored, change, { now, policy, changeId: uuid() });
      actions.forEach(apply);
      return (stored = { ...after, etag: '' });
    },
    entities: (): WireEntity[] => [...entities.values()],
  };
}

/** RFC 9562 version 4. */
function uuidOf(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}
