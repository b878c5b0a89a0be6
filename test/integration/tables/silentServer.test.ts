import { type Server, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { makeInvitations } from '../../../shared/tables/invitations';
import { tableClients } from '../../../shared/tables/openTables';
import { TablesUnavailableError } from '../../../shared/tables/tablesError';
import { aPolicy } from '../../support/invitations';
import { somebody } from './people';

let server: Server;
const sockets = new Set<Socket>();

beforeAll(async () => {
  server = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

it('gives up on a table server that takes the call and never answers', async () => {
  const { port } = server.address() as AddressInfo;
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:${port}/a;`;
  const tables = await tableClients({ type: 'connectionString', connectionString }, { callTimeoutMs: 50 });
  await expect(makeInvitations(tables, aPolicy()).read(somebody().id())).rejects.toThrow(TablesUnavailableError);
  expect(sockets.size).toBeGreaterThan(0);
});
