import type { BehaviourPatch } from '../../local/graph/behaviour';
import { type GraphSimulator, startGraphSimulator } from '../../local/graph/startGraphSimulator';
import { answerParent, startChild } from '../ingest/child';
import { randomOf } from '../random';

/** A call as GET /_simulator/requests tells it. */
export interface GraphRequest {
  method: string;
  path: string;
  status: number;
  at: string;
  decidedAt: string;
  latencyMs: number;
  email?: string;
}

/** Calls of POST /invitations so far. */
export interface GraphCounts {
  accepted: number;
  refused: number;
  forced: number;
}

export interface SimulatedGraph {
  url: string;
  counts: () => Promise<GraphCounts>;
  requests: () => Promise<GraphRequest[]>;
  behave: (patch: BehaviourPatch) => Promise<void>;
  /** Forgets everybody, and what was called; full buckets, and the behaviour that it was started with. */
  reset: () => Promise<void>;
  end: () => Promise<void>;
}

interface StartCommand {
  behaviour: BehaviourPatch;
  seed: number;
}

/** The Graph simulator in a process of its own, with latencies and 503s from a seed. */
export async function startGraph(behaviour: BehaviourPatch, seed: number): Promise<SimulatedGraph> {
  const child = startChild(__filename);
  const command: StartCommand = { behaviour, seed };
  const url = (await child.ask('start', command)) as string;
  const control = async (method: string, name: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}/_simulator/${name}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${name}: ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
  return {
    url,
    counts: async () => (await child.ask('counts')) as GraphCounts,
    requests: async () => ((await control('GET', 'requests')) as { value: GraphRequest[] }).value,
    behave: async (patch) => {
      await control('PUT', 'behaviour', patch);
    },
    reset: async () => {
      await control('POST', 'reset');
      await child.ask('forgetCounts');
    },
    end: child.end,
  };
}

const NONE: GraphCounts = { accepted: 0, refused: 0, forced: 0 };
const COUNTED: Partial<Record<string, keyof GraphCounts>> = { '201': 'accepted', '429': 'refused', '503': 'forced' };

if (require.main === module) {
  let simulator: GraphSimulator | undefined;
  let counts = { ...NONE };
  answerParent({
    start: async (argument) => {
      const { behaviour, seed } = argument as StartCommand;
      simulator ??= await startGraphSimulator({
        port: 0,
        behaviour,
        random: randomOf(seed),
        onLog: (line) => {
          const [, status = ''] = /^POST \/v1\.0\/invitations (\d+) /.exec(line) ?? [];
          const counted = COUNTED[status];
          if (counted) counts[counted] += 1;
        },
      });
      return simulator.baseUrl;
    },
    counts: () => counts,
    forgetCounts: () => {
      counts = { ...NONE };
    },
  });
}
