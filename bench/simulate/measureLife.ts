import type { Services } from '../../shared/clients';
import { addMs } from '../../shared/domain/time';
import { makeGates } from '../../shared/tables/gates';
import { type Cost, costOf, plus } from './cost';
import { KEPT_ELSEWHERE, START, type Stored, type Tenant, bodyOf, within } from './tenant';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function request({ services }: Tenant, name: string): Promise<string> {
  const asked = await services.requestInvitation({ body: bodyOf(name), caller: 'bench', idempotencyKey: undefined });
  if (asked.type !== 'accepted') throw new Error(`A request was not accepted: ${JSON.stringify(asked)}`);
  return asked.stored.invitation.id;
}

/** One step: does it, and makes sure that it was that step. */
async function stepCost(
  { services, costs }: Tenant,
  id: string,
  expected: Awaited<ReturnType<Services['advanceInvitation']>>['steps'],
): Promise<Cost> {
  const { counts, messages, result } = await costs(() => services.advanceInvitation(id));
  const { steps } = result;
  if (JSON.stringify(steps) !== JSON.stringify(expected)) {
    throw new Error(`Expected ${JSON.stringify(expected)} to be due, and it was ${JSON.stringify(steps)}.`);
  }
  return costOf(counts, messages, { except: KEPT_ELSEWHERE });
}

/** Requested, sent, checked, reminded, redeemed. */
export async function measureLife(tenant: Tenant) {
  const { services, costs, moveTo, storedOf } = tenant;
  // The first of everything lays out tables and reads subscriptions: not counted.
  const first = await request(tenant, 'first');
  await services.advanceInvitation(first);
  await services.syncRedemptions();
  const emptied = await storedOf();
  const asked = await costs(() => request(tenant, 'second'));
  const id = asked.result;
  const queued = await storedOf();
  const send = await stepCost(tenant, id, [{ step: 'send', outcome: 'sent' }]);
  const pending = await storedOf();
  const nothingDue = await stepCost(tenant, id, []);
  moveTo(addMs(START, DAY_MS + HOUR_MS));
  const check = await stepCost(tenant, id, [{ step: 'checkRedemption', outcome: 'notRedeemed' }]);
  moveTo(addMs(START, 3 * DAY_MS + HOUR_MS));
  const beforeReminder = await storedOf();
  const reminder = await stepCost(tenant, id, [{ step: 'send', outcome: 'sent' }]);
  const afterReminder = await storedOf();
  await tenant.redeem('second@fabrikam.com');
  const synced = await costs(() => services.syncRedemptions());
  const accepted = await storedOf();
  const doubled = await measureDoubled(tenant, send);
  const between = (later: Stored, earlier: Stored): Stored => ({
    entities: later.entities - earlier.entities,
    bytes: later.bytes - earlier.bytes,
  });
  return {
    steps: {
      request: costOf(asked.counts, asked.messages, { except: KEPT_ELSEWHERE }),
      send,
      nothingDue,
      doubled,
      check,
      reminder,
      redeemed: costOf(synced.counts, synced.messages, { except: KEPT_ELSEWHERE }),
      postponed: await measurePostponed(tenant),
    },
    stored: {
      queued: between(queued, emptied),
      pending: between(pending, emptied),
      reminded: add(between(pending, emptied), between(afterReminder, beforeReminder)),
      accepted: between(accepted, emptied),
    },
  };
}

const add = (a: Stored, b: Stored): Stored => ({ entities: a.entities + b.entities, bytes: a.bytes + b.bytes });

async function measureDoubled(tenant: Tenant, send: Cost): Promise<Cost> {
  const id = await request(tenant, 'doubled');
  const look = () => tenant.services.advanceInvitation(id);
  const { counts, messages, result } = await tenant.costs(() => Promise.all([look(), look()]));
  const sent = result.flatMap(({ steps }) => steps).filter(({ outcome }) => outcome === 'sent');
  if (sent.length !== 1) throw new Error(`Two looks at once sent ${sent.length} mails: ${JSON.stringify(result)}`);
  return plus(costOf(counts, messages, { except: KEPT_ELSEWHERE }), send, -1);
}

async function measurePostponed(tenant: Tenant): Promise<Cost> {
  const id = await request(tenant, 'postponed');
  const gates = makeGates(tenant.tables);
  const found = await gates.read('invitations');
  if (!found?.state) throw new Error('There is no gate to close.');
  const closedUntil = addMs(tenant.now(), HOUR_MS);
  await gates.write('invitations', { ...found.state, closedUntil }, found.etag);
  return stepCost(await tenant.another(), id, [{ step: 'send', outcome: 'postponed' }]);
}

/** Requested and sent, never redeemed: expired, looked at a while longer, erased. */
export async function measureEnd(tenant: Tenant) {
  const { services, moveTo, storedOf, policy } = tenant;
  const emptied = await storedOf();
  const id = await request(tenant, 'late');
  await services.advanceInvitation(id);
  const at = (days: number) => moveTo(addMs(START, days * DAY_MS + HOUR_MS));
  for (let day = 1; day < 31; day += 1) {
    at(day);
    await services.advanceInvitation(id);
  }
  const before = await services.invitations.read(id);
  if (before?.invitation.status !== 'expired') {
    throw new Error(`After thirty days it should be expired, and is ${String(before?.invitation.status)}.`);
  }
  const expired = await storedOf();
  for (let day = 31; day < 62; day += 1) {
    at(day);
    await services.advanceInvitation(id);
  }
  at(30 + Math.ceil((policy.retainMs ?? 0) / DAY_MS) + 1);
  const erased = await stepCost(tenant, id, [{ step: 'erase', outcome: 'erased' }]);
  const afterwards = await storedOf();
  const difference = (later: Stored): Stored => ({
    entities: later.entities - emptied.entities,
    bytes: later.bytes - emptied.bytes,
  });
  return {
    steps: { erased, expired: await measureExpiry() },
    stored: { expired: difference(expired), erased: difference(afterwards) },
  };
}

/** By itself, with nothing else due that day: the last check was less than a day before. */
async function measureExpiry(): Promise<Cost> {
  return within(async (tenant) => {
    const id = await request(tenant, 'expiring');
    await tenant.services.advanceInvitation(id);
    tenant.moveTo(addMs(START, 30 * DAY_MS - HOUR_MS));
    for (let looks = 0; looks < 3; looks += 1) await tenant.services.advanceInvitation(id);
    tenant.moveTo(addMs(START, 30 * DAY_MS + HOUR_MS));
    return stepCost(tenant, id, [{ step: 'expire', outcome: 'expired' }]);
  });
}
