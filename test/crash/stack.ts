import { createRequire } from 'node:module';
import { z } from 'zod';
import type * as startTablesModule from '../../local/tables/startTables';
import { startGraphSimulator } from '../../local/graph/startGraphSimulator';
import { startServiceBus } from '../../local/serviceBus/startServiceBus';
import { type Instant, toInstant, toMs } from '../../shared/domain/time';
import { findingsOf } from '../../shared/tables/consistency';
import { makeInvitations } from '../../shared/tables/invitations';
import { tableClients } from '../../shared/tables/openTables';
import type { Policy } from '../../shared/domain/policy';
import { startProxy } from '../support/proxy';

/** Forks its table server from the compiled file beside it. */
const { startTables } = createRequire(__filename)('../../dist/local/tables/startTables.js') as typeof startTablesModule;

export const QUEUE = 'invitations';
/** How soon a message comes again whose worker died. */
const LOCK_MS = 1_000;

const mails = z.object({ value: z.array(z.looseObject({ clientRequestId: z.string() })) });

const shares = z.object({ value: z.array(z.looseObject({ email: z.string().nullable() })) });
const groups = z.object({
  value: z.array(z.object({ id: z.string(), name: z.string(), members: z.array(z.string()) })),
});
const linkedIn = z.object({ value: z.array(z.looseObject({ invitee: z.string(), trackingId: z.string() })) });

export type Stack = Awaited<ReturnType<typeof startStack>>;

/**
 * What outlives the workers: tables, broker and Graph. The workers reach the tables by a proxy that sets the clock, by
 * which the whole workflow goes, so that days pass at once.
 */
export async function startStack() {
  const [azurite, bus, simulator] = await Promise.all([
    startTables({ port: 0 }),
    startServiceBus({ port: 0, queues: [QUEUE], lockDurationMs: LOCK_MS }),
    startGraphSimulator({ port: 0 }),
  ]);
  const proxy = await startProxy(azurite.port);
  const settings: Record<string, string> = {
    HASH_KEY: 'only-for-these-tests',
    INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
    INVITATIONS_QUEUE: QUEUE,
    WAKE_SCHEDULE: '*/10 * * * * *',
    CHECK_REDEMPTION_EVERY: 'P10D',
    CHECK_EXPIRED_FOR: 'P20D',
    ON_REVOKE: 'removeGuest',
    ON_EXPIRY: 'removeGuest',
    LINKEDIN_INVITATIONS: 'on',
    // Shares are not to wait for their hourly pace here.
    GRAPH_SHARES_PER_SECOND: '30',
    GRAPH_SHARING_MAILS_PER_HOUR: '100000',
    TablesConnection: azurite.connectionString.replace(`:${azurite.port}/`, `:${proxy.port}/`),
    ServiceBusConnection: bus.connectionString,
    GRAPH_BASE_URL: simulator.baseUrl,
  };
  const tables = await tableClients({ type: 'connectionString', connectionString: azurite.connectionString });
  let aheadMs = 0;
  const now = (): Instant => toInstant(Date.now() + aheadMs);

  const control = async (method: string, name: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${simulator.baseUrl}/_simulator/${name}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
    return response.json();
  };

  return {
    settings,
    now,
    /** The clock of the table server is at least there from now on. Its Date header knows whole seconds only. */
    runTo: (at: Instant): void => {
      const ms = toMs(at) - toMs(now()) + 1_500;
      if (ms <= 0) return;
      aheadMs += ms;
      proxy.jump(ms);
    },
    activeMessages: () => bus.counts(QUEUE).active,
    wipeBroker: () => bus.wipe(),
    behave: (behaviour: object) => control('PUT', 'behaviour', behaviour),
    redeem: (email: string) => control('POST', 'redemptions', { email }),
    /** The attempts by which mails were sent to an address, one entry a mail. */
    mailsTo: async (email: string): Promise<string[]> =>
      mails.parse(await control('GET', `mails?email=${email}`)).value.map(({ clientRequestId }) => clientRequestId),
    /** A guest who was invited long ago and has still to redeem. */
    addGuest: (email: string) => control('POST', 'users', { email, state: 'PendingAcceptance' }),
    addGroup: (id: string) => control('POST', 'groups', { id, name: id }),
    membersOf: async (groupId: string): Promise<string[]> =>
      groups.parse(await control('GET', 'groups')).value.find(({ id }) => id === groupId)?.members ?? [],
    sharesWith: async (email: string): Promise<number> =>
      shares.parse(await control('GET', 'shares')).value.filter((share) => share.email === email).length,
    /** The tracking ids of what LinkedIn has from an invitee. */
    linkedInOf: async (invitee: string): Promise<string[]> =>
      linkedIn
        .parse(await control('GET', 'linkedIn'))
        .value.filter((invitation) => invitation.invitee === invitee)
        .map(({ trackingId }) => trackingId),
    userIs: async (email: string): Promise<'there' | 'gone'> => {
      const { value } = z
        .object({ value: z.array(z.looseObject({ mail: z.string() })) })
        .parse(await control('GET', 'users'));
      return value.some(({ mail }) => mail === email) ? 'there' : 'gone';
    },
    invitations: (policy: Policy) => makeInvitations(tables, policy),
    findings: (id: string, policy: Policy) => findingsOf(tables, id.slice(-2), policy),
    close: async () => {
      await proxy.goAway();
      await Promise.all([azurite.close(), simulator.close(), bus.close()]);
    },
  };
}
