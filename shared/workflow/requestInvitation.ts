import { createHmac } from 'node:crypto';
import { canonical, differencesOf, parseRequest } from '../domain/parseRequest';
import type { OnDuplicate, ParsedRequest, RequestFault, RequestRules } from '../domain/parseRequest';
import { invitationId, partitionOf, personHash } from '../domain/ids';
import type { Warning } from '../domain/invitation';
import { newInvitation } from '../domain/newInvitation';
import { type Instant, addMs, toMs } from '../domain/time';
import type { Gate } from '../graph/gate';
import type { HintSender } from '../queue/hintSender';
import type { IdempotencyKeys, KeyRecord } from '../tables/idempotencyKeys';
import type { StoredInvitation } from '../tables/invitationEntity';
import type { Invitations } from '../tables/invitations';
import { sendHintFor } from './sendHint';

export interface RequestParts {
  invitations: Invitations;
  idempotencyKeys: IdempotencyKeys;
  gate: Pick<Gate, 'estimate'>;
  hints: HintSender;
  rules: RequestRules;
  hashKey: string;
  partitions: number;
  tickMs: number;
  randomBytes: (size: number) => Uint8Array;
}

export interface Asked {
  body: unknown;
  caller: string;
  /** The caller may see its own invitations alone: of an open one that another made it learns nothing but that it is. */
  seesOnlyOwn?: boolean;
  idempotencyKey: string | undefined;
}

export type RequestResult =
  /** 202 for a new invitation, 200 for one that was open already. */
  | { type: 'accepted'; status: 202 | 200; stored: StoredInvitation; warnings: Warning[] }
  | { type: 'invalid'; faults: RequestFault[] }
  | { type: 'duplicate'; id: string }
  /** A duplicate of an invitation that the caller may not see. */
  | { type: 'duplicateOfAnothers' }
  | { type: 'keyReused' }
  | { type: 'inProgress' };

/** How long a key without an invitation counts as a request that is still running. */
const IN_PROGRESS_MS = 60_000;

/**
 * Takes a request: validate → idempotency key → estimate → one transaction → hint. When it returns `accepted` the
 * invitation is stored and will go out whatever happens next. Throws `TablesUnavailableError` and leaves nothing that a
 * repeat can't finish.
 */
export function makeRequestInvitation(parts: RequestParts) {
  const { invitations, idempotencyKeys } = parts;

  return async (asked: Asked): Promise<RequestResult> => {
    const result = await take(asked);
    return asked.seesOnlyOwn === true ? withoutOthers(asked.caller, result) : result;
  };

  async function take(asked: Asked): Promise<RequestResult> {
    const parsed = parseRequest(asked.body, parts.rules);
    if (!parsed.ok) return { type: 'invalid', faults: parsed.faults };
    const now = invitations.now();
    const person = personHash(parts.hashKey, parsed.person);
    const id = invitationId(toMs(now), parts.randomBytes(10), partitionOf(person, parts.partitions));
    const { idempotencyKey, caller } = asked;
    if (idempotencyKey === undefined) return make(parsed, { id, person, caller }, now);

    const record = { fingerprint: fingerprintOf(asked.body), invitationId: id, createdAt: now };
    const earlier = await idempotencyKeys.take(caller, idempotencyKey, record);
    if (!earlier) return makeUnderKey(parsed, { id, person, caller }, now, record, idempotencyKey);
    if (earlier.fingerprint !== record.fingerprint) return { type: 'keyReused' };
    const answered = await repeat(earlier);
    if (answered) return answered;
    if (toMs(now) - toMs(earlier.createdAt) < IN_PROGRESS_MS) return { type: 'inProgress' };
    // The first try died before its transaction: go on under the id it chose.
    const resumed = { ...record, invitationId: earlier.invitationId, createdAt: earlier.createdAt };
    return makeUnderKey(parsed, { id: earlier.invitationId, person, caller }, now, resumed, idempotencyKey);
  }

  async function withoutOthers(caller: string, result: RequestResult): Promise<RequestResult> {
    if (result.type === 'accepted') {
      return result.stored.invitation.caller === caller ? result : { type: 'duplicateOfAnothers' };
    }
    if (result.type !== 'duplicate') return result;
    const open = await invitations.read(result.id);
    return open?.invitation.caller === caller ? result : { type: 'duplicateOfAnothers' };
  }

  /** Keyed, because a body holds an address that could be guessed. */
  function fingerprintOf(body: unknown): string {
    return createHmac('sha256', parts.hashKey)
      .update(`body:${canonical(body)}`)
      .digest('hex');
  }

  /** The answer of the first request with the same key; undefined when it left no invitation. */
  async function repeat(earlier: KeyRecord): Promise<RequestResult | undefined> {
    const { answer, invitationId: id } = earlier;
    if (answer?.status === 409) return { type: 'duplicate', id };
    const stored = await invitations.read(id);
    if (!stored) return undefined;
    return {
      type: 'accepted',
      status: answer?.status === 200 ? 200 : 202,
      stored,
      warnings: answer ? (JSON.parse(answer.warnings) as Warning[]) : stored.invitation.warnings,
    };
  }

  /** "202 and the invitation under this id" needs no second write: the key already says so. Other answers are noted. */
  async function makeUnderKey(
    parsed: ParsedRequest & { ok: true },
    made: Made,
    now: Instant,
    record: KeyRecord,
    key: string,
  ): Promise<RequestResult> {
    const result = await make(parsed, made, now).catch(async (error: unknown) => {
      // The answer says to send the same again, so a repeat need not wait until this request counts as dead. Well in the
      // past, because other instances' clocks may be behind.
      const over = { ...record, createdAt: addMs(now, -2 * IN_PROGRESS_MS) };
      await idempotencyKeys.answerWith(made.caller, key, over).catch(() => undefined);
      throw error;
    });
    const answer = answerOf(result);
    if (answer) await idempotencyKeys.answerWith(made.caller, key, { ...record, ...answer });
    return result;
  }

  async function make(parsed: ParsedRequest & { ok: true }, made: Made, now: Instant): Promise<RequestResult> {
    const { request, warnings, onDuplicate } = parsed;
    const sendAt = await parts.gate.estimate();
    const takesClaim = onDuplicate !== 'allow';
    const change = newInvitation({ ...made, request, warnings, takesClaim, sendAt }, now);
    const result = await invitations.create(change);
    switch (result.type) {
      case 'created':
        await sendHintFor(result.stored, { ...parts, now: invitations.now });
        return { type: 'accepted', status: 202, stored: result.stored, warnings };
      case 'exists':
        return { type: 'accepted', status: 202, stored: result.stored, warnings: result.stored.invitation.warnings };
      case 'claimed':
        return duplicateOf(parsed, onDuplicate, result.by);
    }
  }
}

interface Made {
  id: string;
  person: string;
  caller: string;
}

function duplicateOf(
  parsed: ParsedRequest & { ok: true },
  onDuplicate: OnDuplicate,
  open: StoredInvitation,
): RequestResult {
  if (onDuplicate === 'reject') return { type: 'duplicate', id: open.invitation.id };
  const differing = differencesOf(parsed.request, open.invitation.request);
  const warnings: Warning[] = [
    {
      code: 'alreadyInvited',
      message: `This person has an open invitation already, made ${open.invitation.createdAt}; this is it. Nothing new was made.`,
    },
    ...differing.map((target) => ({
      code: 'differs',
      target,
      message: `${target} is not what you sent: the open invitation keeps its own.`,
    })),
  ];
  return { type: 'accepted', status: 200, stored: open, warnings };
}

function answerOf(result: RequestResult): Pick<KeyRecord, 'invitationId' | 'answer'> | undefined {
  if (result.type === 'duplicate') return { invitationId: result.id, answer: { status: 409, warnings: '[]' } };
  if (result.type !== 'accepted' || result.status !== 200) return undefined;
  const { id } = result.stored.invitation;
  return { invitationId: id, answer: { status: 200, warnings: JSON.stringify(result.warnings) } };
}
