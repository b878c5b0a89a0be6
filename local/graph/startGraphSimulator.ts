import { setMaxListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultBehaviour, mergeBehaviour, type BehaviourPatch } from './behaviour';
import { serve } from './serve';
import { createSimulation } from './simulation';
import { keepState, readState, restoreState } from './stateFile';

export interface GraphSimulatorOptions {
  /** 0 takes any free port. */
  port: number;
  /** One line a call: method, kind of path, status; never an address, a token or a redeem URL. */
  onLog?: (line: string) => void;
  behaviour?: BehaviourPatch;
  /** Addresses in 'contoso.com' (the default) and contoso.onmicrosoft.com are then the tenant's own. */
  tenantDomain?: string;
  /** From 0 to below 1, as Math.random: one with a seed makes latencies and 503s the same from run to run. */
  random?: () => number;
  /** Users, redeem URLs and mails are kept in this file from one start to the next; in memory only when left out. */
  stateFile?: string;
}

export interface GraphSimulator {
  port: number;
  /** `http://127.0.0.1:PORT`, without the version. */
  baseUrl: string;
  close(): Promise<void>;
}

/**
 * Starts a Microsoft Graph that mails nobody, on 127.0.0.1 only.
 *
 * Beside Graph under /v1.0 and /beta it serves the redeem page and the control surface under /_simulator/ (control.ts).
 * Rejects when the port is taken, the behaviour can't be or the state file can't be read.
 */
export async function startGraphSimulator(options: GraphSimulatorOptions): Promise<GraphSimulator> {
  const { onLog = () => undefined, stateFile } = options;
  const saved = stateFile === undefined ? undefined : readState(stateFile);
  const behaviour = mergeBehaviour(defaultBehaviour(), options.behaviour ?? {});
  // A client that keeps connections may pick one at the very moment the server gives it up, and take that for an
  // unknown outcome: so idle connections are kept longer than clients keep them.
  const server = createServer({ keepAliveTimeout: 120_000 });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}`;
  const simulation = createSimulation({
    baseUrl,
    tenantDomain: options.tenantDomain ?? 'contoso.com',
    behaviour,
    now: Date.now,
    random: options.random ?? Math.random,
  });
  if (saved) restoreState(simulation, saved);
  const keeper =
    stateFile === undefined ? undefined : keepState(simulation, stateFile, (error) => onLog(String(error)));
  const stopped = new AbortController();
  // Every call that waits out its latency listens to it, so many listeners are no leak.
  setMaxListeners(0, stopped.signal);
  server.on('request', serve(simulation, { stopped: stopped.signal, onLog }));
  server.on('request', ({ method }, response) => {
    // Nothing is changed by a GET; all else is over when its connection is done with it.
    if (method !== 'GET') response.once('close', () => keeper?.touch());
  });
  return {
    port,
    baseUrl,
    close: async () => {
      stopped.abort();
      await close(server);
      await keeper?.close();
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? taken(port) : error));
    server.listen(port, '127.0.0.1', resolve);
  });
}

const taken = (port: number) =>
  new Error(`The Graph simulator cannot listen on port ${port}, which is taken: set GRAPH_PORT to a free one.`);

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
