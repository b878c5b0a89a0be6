import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import type * as startTablesModule from '../../local/tables/startTables';
import { type Tables, clientsOf, tableClients } from '../../shared/tables/openTables';
import { startGraphSimulator } from '../../local/graph/startGraphSimulator';
import { type ServiceBusStandIn, startServiceBus } from '../../local/serviceBus/startServiceBus';
import { type AnswerName, holdToDocument } from './documented';
import { runFsck } from './fsck';
import { type HostProcess, startHostProcess } from './hostProcess';
import { type Proxy, startProxy } from './proxy';
import { waitFor } from './waitFor';

/** Forks its table server from the compiled file beside it. */
const { startTables } = createRequire(__filename)('../../dist/local/tables/startTables.js') as typeof startTablesModule;

export const QUEUE = 'invitations';
export const EVENTS_QUEUE = 'invitation-events';
export const WEBHOOKS_QUEUE = 'webhook-events';
const QUEUES = [QUEUE, EVENTS_QUEUE, WEBHOOKS_QUEUE];

/** One tick a second; leases and limits as short as the rules between them allow. Clock jumps do the rest. */
const SETTINGS = {
  HASH_KEY: 'only-for-these-tests',
  INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
  WAKE_SCHEDULE: '*/1 * * * * *',
  // Fired by the tests that are about them.
  SYNC_SCHEDULE: '0 0 0 1 1 *',
  COMPARE_SCHEDULE: '0 0 0 1 1 *',
  GRAPH_CALL_TIMEOUT: 'PT1S',
  SEND_LEASE: 'PT3S',
  RESOLVE_AFTER: 'PT1S',
};

const warning = z.object({ code: z.string(), message: z.string(), target: z.string().optional() });

const invitationSchema = z.looseObject({
  id: z.string(),
  status: z.string(),
  sends: z.array(z.object({ number: z.number(), cause: z.string(), status: z.string(), at: z.string() })),
  history: z
    .array(z.object({ what: z.string(), by: z.string(), detail: z.string().optional(), times: z.number().optional() }))
    .default([]),
  warnings: z.array(warning),
  fault: z.object({ code: z.string(), message: z.string() }).optional(),
  guest: z.looseObject({ status: z.string(), message: z.string() }).optional(),
  graph: z.looseObject({ invitedUser: z.looseObject({ id: z.string() }).optional() }).optional(),
});
export type InvitationAnswer = z.output<typeof invitationSchema>;

const errorSchema = z.object({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    target: z.string().optional(),
    details: z.array(warning).optional(),
  }),
});
export type ErrorAnswer = z.output<typeof errorSchema>['error'];

const mailSchema = z.looseObject({ to: z.string(), cc: z.array(z.string()), redeemUrl: z.string() });

export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

export const invitationOf = ({ body }: Answer): InvitationAnswer => invitationSchema.parse(body);
export const errorOf = ({ body }: Answer): ErrorAnswer => errorSchema.parse(body).error;

export type WholeApp = Awaited<ReturnType<typeof startWholeApp>>;

interface StandIns {
  graph: Proxy;
  tables: Proxy;
  simulatorUrl: string;
  close: () => Promise<void>;
}

async function startStandIns(): Promise<StandIns & { bus: ServiceBusStandIn; settings: Record<string, string> }> {
  const [azurite, bus, simulator] = await Promise.all([
    startTables({ port: 0 }),
    startServiceBus({ port: 0, queues: QUEUES }),
    startGraphSimulator({ port: 0 }),
  ]);
  const [tables, graph] = await Promise.all([startProxy(azurite.port), startProxy(simulator.port)]);
  return {
    bus,
    graph,
    tables,
    simulatorUrl: simulator.baseUrl,
    settings: {
      TablesConnection: azurite.connectionString.replace(`:${azurite.port}/`, `:${tables.port}/`),
      ServiceBusConnection: bus.connectionString,
      GRAPH_BASE_URL: `http://127.0.0.1:${graph.port}`,
    },
    close: async () => {
      await Promise.all([tables.goAway(), graph.goAway(), azurite.close(), simulator.close()]);
    },
  };
}

/**
 * The compiled functions in a process of their own, with Azurite, a broker and Graph that a test can take away and
 * bring back. Everything is asked and answered over HTTP.
 */
export async function startWholeApp(
  settings: Record<string, string> = {},
  options: { functionKey?: string; appRoot?: string } = {},
) {
  const { bus: firstBus, ...standIns } = await startStandIns();
  let bus = firstBus;
  const closeStandIns = () => Promise.all([standIns.close(), bus.close()]);
  const environment: Record<string, string> = { ...SETTINGS, ...standIns.settings, ...settings };
  const host = await startHostProcess({ appRoot: path.join(__dirname, '..', '..'), ...options }, environment).catch(
    async (error: unknown) => {
      await closeStandIns();
      throw error;
    },
  );
  const api = callerOf(host);
  const graph = graphOf(standIns);

  return {
    ...api,
    graph,
    host,
    /** What `npm run fsck` prints of this app's tables. */
    fsck: () => runFsck(environment),
    /** All that the functions have in their environment: for another host, or a command, beside this one. */
    environment,
    tables: standIns.tables,
    /** Every entity of every table, as text. */
    storedText: async (): Promise<string> => {
      const connectionString = standIns.settings['TablesConnection'] ?? '';
      return textOf(await tableClients({ type: 'connectionString', connectionString }));
    },
    bus: () => bus,
    stopBroker: () => bus.close(),
    /** A new one on the same port, as empty as a broker that lost its disk. */
    startBroker: async () => {
      bus = await startServiceBus({ port: bus.port, queues: QUEUES });
    },
    /** Moves the table server's clock, by which the whole workflow goes, and runs a tick. */
    jump: async (ms: number) => {
      standIns.tables.jump(ms);
      // The first answer tells the functions the new time, so the tick goes by it.
      await api.get('00000000-0000-7000-8000-000000000000');
      await host.fireTimer('wakeInvitations');
    },
    stop: async () => {
      await host.end();
      await closeStandIns();
    },
  };
}

async function textOf(tables: Tables): Promise<string> {
  const entities: unknown[] = [];
  for (const table of clientsOf(tables)) {
    for await (const entity of table.listEntities()) entities.push(entity);
  }
  return JSON.stringify(entities);
}

type Action = 'approve' | 'reject' | 'resend' | 'revoke' | 'retry' | 'confirmSent' | 'resetRedemption' | 'redeemUrl';

const bodyOf = (text: string): unknown => (text === '' ? undefined : JSON.parse(text));

/** Every answer is held to /openapi.json. `answers`: those that came, by their names there. */
function callerOf(host: HostProcess) {
  const answers = new Set<AnswerName>();
  const call = async (method: string, target: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(host.url(target), { method, ...init });
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, body: bodyOf(text) };
    const name = holdToDocument(method, target, answer);
    if (name !== undefined) answers.add(name);
    return answer;
  };
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    call('POST', '/api/invitations', {
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const get = (id: string, headers: Record<string, string> = {}) => call('GET', `/api/invitations/${id}`, { headers });
  const act = (id: string, action: Action, headers: Record<string, string> = {}) =>
    call('POST', `/api/invitations/${id}/${action}`, { headers });

  /** Requests an invitation that must be taken. */
  const ask = async (body: object): Promise<InvitationAnswer> => {
    const answer = await post(body);
    if (answer.status !== 202) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
    return invitationOf(answer);
  };
  /** Invites a guest. */
  const invite = (email: string, more: object = {}) => ask({ invitedUserEmailAddress: email, ...more });

  /** Waits until the invitation is as it should be, and gives it. */
  const until = (id: string, wanted: string | ((invitation: InvitationAnswer) => boolean), timeoutMs = 20_000) => {
    const isWanted = typeof wanted === 'string' ? ({ status }: InvitationAnswer) => status === wanted : wanted;
    let last: InvitationAnswer | undefined;
    return waitFor(
      async () => {
        const answer = await get(id);
        last = answer.status === 200 ? invitationOf(answer) : undefined;
        return last && isWanted(last) ? last : undefined;
      },
      { timeoutMs, describe: `invitation ${id} (${String(wanted)})` },
    ).catch((error: unknown) => {
      throw new Error(`${String(error)} It is ${JSON.stringify(last)}`, { cause: error });
    });
  };
  const patch = (id: string, body: unknown, headers: Record<string, string> = {}) =>
    call('PATCH', `/api/invitations/${id}`, {
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { call, answers, post, get, act, patch, ask, invite, until };
}

function graphOf({ graph, simulatorUrl }: StandIns) {
  const control = async (method: string, name: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${simulatorUrl}/_simulator/${name}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  };
  const mailsTo = async (email: string) =>
    z.object({ value: z.array(mailSchema) }).parse(await control('GET', `mails?email=${email}`)).value;

  return {
    ...graph,
    control,
    mailsTo,
    /** Calls of Graph that were answered or broken off, by Graph's own record. */
    requests: async () =>
      z
        .object({ value: z.array(z.looseObject({ at: z.string(), email: z.string().optional() })) })
        .parse(await control('GET', 'requests')).value,
    mailCount: async (email: string) => (await mailsTo(email)).length,
    /** Faults and the like stay until they are used up or set anew. */
    behave: (behaviour: object) => control('PUT', 'behaviour', behaviour),
    redeem: (email: string) => control('POST', 'redemptions', { email }),
    seed: async (email: string, state: string | null, userType?: 'Guest' | 'Member') =>
      z.object({ id: z.string() }).parse(await control('POST', 'users', { email, state, userType })).id,
    userExists: async (email: string) => {
      const { value } = z
        .object({ value: z.array(z.looseObject({ mail: z.string() })) })
        .parse(await control('GET', 'users'));
      return value.some(({ mail }) => mail === email);
    },
    /** Bodies of the POST /invitations that named the address. */
    invitationsFor: (email: string): unknown[] =>
      graph.calls
        .filter(
          ({ method, path: target, body }) =>
            method === 'POST' && /^\/(v1\.0|beta)\/invitations$/.test(target) && body.includes(`"${email}"`),
        )
        .map(({ body }) => JSON.parse(body) as unknown),
  };
}
