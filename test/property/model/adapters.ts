import { RestError, type TransactionAction } from '@azure/data-tables';
import { toInstant } from '../../../shared/domain/time';
import type { CallGraph, GraphCall, GraphResult } from '../../../shared/graph/callGraph';
import type { Gate } from '../../../shared/graph/gate';
import type { HintSender } from '../../../shared/queue/hintSender';
import type { InvitedUsers } from '../../../shared/tables/invitedUsers';
import type { Tables } from '../../../shared/tables/openTables';
import type { Effect, TableName } from './effects';
import type { Posting } from './graph';
import type { Outside } from './replay';

/** The product's tables, with a client that asks the model's world where the real one asks a server. */
export function tablesOf(outside: Outside): Tables {
  const tables = {
    invitations: clientOf('invitations', outside),
    idempotencyKeys: clientOf('idempotencyKeys', outside),
    clock: { now: () => toInstant(outside.nowMs()) },
  };
  return tables as unknown as Tables; // Only what the workflow calls.
}

type Entity = TransactionAction[1];

function clientOf(table: TableName, { perform }: Outside) {
  const write = (actions: TransactionAction[]) => perform({ type: 'write', table, actions }).then(valueOf);
  return {
    getEntity: (partitionKey: string, rowKey: string) =>
      perform({ type: 'read', table, partitionKey, rowKey }).then(valueOf),
    submitTransaction: write,
    createEntity: (entity: Entity) => write([['create', entity]]),
    upsertEntity: (entity: Entity) => write([['upsert', entity, 'Replace']]),
    updateEntity: (entity: Entity, mode: 'Replace', options: { etag: string }) =>
      write([['update', entity, mode, options]]),
    listEntities: async function* ({ queryOptions }: { queryOptions: { filter: string } }) {
      const listed = valueOf(await perform({ type: 'list', table, prefix: prefixOf(queryOptions.filter) }));
      yield* listed as Entity[];
    },
  };
}

/** The one kind of filter that is asked here: a range of RowKeys that begin alike. */
function prefixOf(filter: string): string {
  const [, partition, from, before] =
    /^PartitionKey eq '(.*)' and RowKey ge '(.*)-' and RowKey lt '(.*)\.'$/.exec(filter) ?? [];
  if (partition === undefined || from === undefined || from !== before) throw new Error(`Not stood in for: ${filter}`);
  return `${partition}/${from}-`;
}

function valueOf(answer: Awaited<ReturnType<Outside['perform']>>): unknown {
  if (answer.type === 'value') return answer.value;
  if (answer.type === 'lost') throw new Error('connection lost');
  throw new RestError('refused', { statusCode: answer.status });
}

/** In the place of Microsoft's client: the lease is checked where the real chain checks it, then the request leaves. */
export const callGraphOf =
  ({ perform, nowMs }: Outside): CallGraph =>
  async (call) => {
    if (call.method === 'GET') return resultOf(await perform({ type: 'lookUp', of: lookUpOf(call) }), nowMs());
    await perform({ type: 'checkLease' });
    if (call.mayStillCall?.() === false) {
      return { type: 'notSent', reason: 'leaseOver', message: 'The lease ran out before the call.' };
    }
    return resultOf(await perform(postingOf(call)), nowMs());
  };

const lookUpOf = ({ path }: GraphCall): (Effect & { type: 'lookUp' })['of'] => {
  if (path.startsWith('/users')) return 'person';
  return path.endsWith('/permissions') ? 'permissions' : 'permission';
};

function postingOf({ method, path, body, clientRequestId: attemptId = '' }: GraphCall): Posting {
  if (method === 'DELETE') return { type: 'deletePermission', attemptId };
  if (path === '/linkedIn/invitations') return { type: 'post', of: 'linkedIn', mail: 'it', attemptId };
  if (path === '/invitations') return { type: 'post', of: 'guest', mail: 'it', attemptId };
  const message: unknown = Reflect.get(body as object, 'message');
  return { type: 'post', of: 'share', mail: typeof message === 'string' ? message : 'it', attemptId };
}

function resultOf(answer: Awaited<ReturnType<Outside['perform']>>, atMs: number): GraphResult {
  if (answer.type === 'lost') return { type: 'lost', reason: 'connectionLost', message: 'The connection broke.' };
  const isValue = answer.type === 'value';
  return {
    type: 'answer',
    status: isValue ? 200 : answer.status,
    body: isValue ? answer.value : undefined,
    date: new Date(atMs).toUTCString(),
    retryAfterMs: isValue ? undefined : answer.retryAfterMs,
    throttlePercentage: undefined,
  };
}

/** Tokens for everybody: the gate paces and decides nothing of the protocol. Its own tests hold it to its pace. */
export function openGate(outside: Outside): Gate {
  const gate: Pick<
    Gate,
    'giveBack' | 'pause' | 'estimate' | 'retryPlace' | 'shutUntil' | 'take' | 'refused' | 'close' | 'answered'
  > = {
    estimate: () => Promise.resolve(toInstant(outside.nowMs())),
    retryPlace: () => Promise.resolve(toInstant(outside.nowMs())),
    giveBack: () => undefined,
    shutUntil: () => Promise.resolve(undefined),
    take: () => Promise.resolve({ ok: true }),
    refused: () => Promise.resolve(),
    pause: () => Promise.resolve(),
    close: () => Promise.resolve(),
    answered: () => Promise.resolve(),
  };
  return gate as Gate;
}

/** Nothing rests on hints: the model delivers whenever it likes, as often as it likes, so what is sent is not kept. */
export const noHints: HintSender = { send: () => Promise.resolve(true), check: () => Promise.resolve() };

/** Links are idempotent and read by removals only, which the model leaves out. */
export const noLinks: InvitedUsers = { link: () => Promise.resolve(), invitationsOf: () => Promise.resolve([]) };
