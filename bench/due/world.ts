import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GraphSimulator, startGraphSimulator } from '../../local/graph/startGraphSimulator';
import { type Adapters, openAdapters } from '../../shared/clients/adapters';
import { connect } from '../../shared/clients/connect';
import { partsOf } from '../../shared/clients/parts';
import type { Instant } from '../../shared/domain/time';
import { CHANGES_FROM_NOW, makeGuestChanges } from '../../shared/graph/guestChanges';
import { readSettings } from '../../shared/settings';
import { TABLES } from '../../shared/tables/openTables';
import { makeSyncState } from '../../shared/tables/syncState';
import { makeWakeInvitations } from '../../shared/workflow/wakeInvitations';
import { type TableProcess, startTableProcess } from '../tables/process';
import { type Invited, population } from './population';

/** By this the workflow goes, and by this the population was made: what is due stays the same from run to run. */
const AT: Instant = '2026-03-02T09:00:00.000Z';

/** Guests in the directory, at most: who is not among them is never heard of in changes. */
const MOST_GUESTS = 20_000;

/** Entities grow with the invitations, and so does what the table server may hold of them. */
const heapMiBFor = (size: number): number => 1024 + Math.ceil(size / 100);

export interface World {
  size: number;
  tables: TableProcess;
  graph: GraphSimulator;
  services: ReturnType<typeof connect>;
  /** The tick without its waiting between two batches of hints, which is as long whatever a tick costs. */
  wakeInvitations: ReturnType<typeof makeWakeInvitations>;
  /** Who was mailed and is in the directory, not yet redeemed, in the order of the seed. */
  guests: Invited[];
  /** Requests to Graph so far. */
  graphRequests: () => number;
  close: () => Promise<void>;
}

export interface WorldOptions {
  size: number;
  due: number;
  seed: number;
  serviceBusConnection: string;
}

const settingsFor = (tables: string, graph: string, serviceBus: string) =>
  readSettings({
    AzureWebJobsStorage: tables,
    TablesConnection: tables,
    ServiceBusConnection: serviceBus,
    GRAPH_BASE_URL: graph,
    HASH_KEY: 'only-for-this-benchmark',
    INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
  });

/**
 * A tenant with so many open invitations: the product's workflow over its own adapters, a table server in a process of its
 * own filled with what the product would have written, and a directory with the guests.
 */
export async function openWorld({ size, due, seed, serviceBusConnection }: WorldOptions): Promise<World> {
  const tables = await startTableProcess({ heapMiB: heapMiBFor(size) });
  try {
    const graphless = settingsFor(tables.connectionString, 'http://127.0.0.1:9', serviceBusConnection);
    const guests = await fill(tables, population({ size, due, seed, at: AT, settings: graphless }), due);
    const graph = await startDirectory(guests);
    const settings = settingsFor(tables.connectionString, graph.baseUrl, serviceBusConnection);
    const opened = await openAdapters(settings);
    const clock = { ...opened.tables.clock, now: () => AT };
    let graphRequests = 0;
    const adapters: Adapters = {
      ...opened,
      tables: { ...opened.tables, clock },
      callGraph: (call) => {
        graphRequests += 1;
        return opened.callGraph(call);
      },
    };
    await followChangesFromNow(adapters);
    return {
      size,
      tables,
      graph,
      guests,
      services: connect(settings, adapters),
      wakeInvitations: makeWakeInvitations({ ...partsOf(settings, adapters), sleep: () => Promise.resolve() }),
      graphRequests: () => graphRequests,
      close: async () => {
        await Promise.all([graph.close(), tables.close()]);
      },
    };
  } catch (error) {
    await tables.close();
    throw error;
  }
}

/** How many are loaded at once: enough to be quick, few enough to be held. */
const TOGETHER = 5000;

async function fill(tables: TableProcess, everybody: Iterable<Invited>, due: number): Promise<Invited[]> {
  const guests: Invited[] = [];
  let some: Invited[] = [];
  const load = async () => {
    await tables.load(
      TABLES.invitations,
      some.flatMap(({ entities }) => entities),
    );
    await tables.load(TABLES.invitedUsers, some.flatMap(linkOf));
    const mailed = some.filter(({ userId }) => userId !== undefined);
    guests.push(...mailed.slice(0, MOST_GUESTS - guests.length).map((each) => ({ ...each, entities: [] })));
    some = [];
  };
  for (const each of everybody) {
    some.push(each);
    if (some.length >= TOGETHER) await load();
  }
  await load();
  // Who is due is left as they are.
  return guests.slice(Math.ceil(due / 2));
}

const linkOf = ({ userId, invitationId }: Invited) =>
  userId === undefined ? [] : [{ PartitionKey: userId, RowKey: invitationId }];

/** A directory that knows the guests, none of whom has redeemed. */
async function startDirectory(guests: Invited[]): Promise<GraphSimulator> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-due-'));
  try {
    const stateFile = join(folder, 'graph.json');
    const state = { users: guests.map(userOf), tickets: [], mails: [], redeemUrlsIssued: 0 };
    writeFileSync(stateFile, JSON.stringify(state));
    return await startGraphSimulator({ port: 0, stateFile });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const userOf = ({ userId, email }: Invited) => ({
  id: userId,
  mail: email,
  otherMails: [email],
  userPrincipalName: `${email.replace('@', '_')}#EXT#@contoso.onmicrosoft.com`,
  displayName: null,
  userType: 'Guest',
  creationType: 'Invitation',
  createdDateTime: '2026-03-01T09:00:00Z',
  externalUserState: 'PendingAcceptance',
  externalUserStateChangeDateTime: '2026-03-01T09:00:00Z',
});

/** As if it had been running all the time: without a kept place the first run would compare everybody. */
async function followChangesFromNow({ callGraph, tables }: Adapters): Promise<void> {
  const page = await makeGuestChanges(callGraph).read(CHANGES_FROM_NOW);
  if (page.type !== 'page') throw new Error(`The simulator tells of no changes: ${JSON.stringify(page)}`);
  await makeSyncState(tables).write(page.path);
}
