import { setTimeout as sleep } from 'node:timers/promises';
import type { Circumstances } from './circumstances';
import type { Call } from './drained';
import type { GraphRequest, SimulatedGraph } from './graphProcess';
import { type Share, idealMs } from './limit';

const POLL_MS = 250;

/** What is going on in a second of a run; whoever runs it adds what else there is to see. */
export type Look = () => Promise<object>;

export interface Watched {
  calls: Call[];
  requests: GraphRequest[];
  /** What other apps took, by the time of the run. */
  others: Share[];
  looks: object[];
  elapsedMs: number;
}

/**
 * Watches a run that began at `startedAt` until every invitation is made, it says that it is over, or the time is up; lets
 * another app come and go where the circumstances say so.
 */
export async function watch(
  graph: SimulatedGraph,
  circumstances: Circumstances,
  startedAt: number,
  { mostMs, isOver = () => false, look }: { mostMs: number; isOver?: () => boolean; look?: Look },
): Promise<Watched> {
  const otherApp = makeOtherApp(graph, circumstances, startedAt);
  const looks: object[] = [];
  let elapsedMs = 0;
  for (;;) {
    await sleep(POLL_MS);
    elapsedMs = Date.now() - startedAt;
    await otherApp.turn(elapsedMs);
    const counts = await graph.counts();
    if (look && elapsedMs >= 1000 * looks.length) looks.push({ atMs: elapsedMs, ...counts, ...(await look()) });
    if (elapsedMs >= mostMs || isOver()) break;
    if (counts.accepted < circumstances.invitations) continue;
    // One who was invited twice stands for one who was not.
    const reached = new Set(
      (await callsOf(graph, startedAt)).calls.flatMap(({ status, email }) => (status < 300 ? email : [])),
    );
    if (reached.size >= circumstances.invitations) break;
  }
  return { ...(await callsOf(graph, startedAt)), others: otherApp.shares, looks, elapsedMs };
}

async function callsOf(graph: SimulatedGraph, startedAt: number) {
  const requests = await graph.requests();
  const calls = requests
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/invitations'))
    .map(({ email = '', status, decidedAt }): Call => ({
      email,
      status,
      decidedMs: Date.parse(decidedAt) - startedAt,
    }));
  return { requests, calls };
}

/** Takes half of the limit in the middle third of the ideal time. */
function makeOtherApp(graph: SimulatedGraph, { invitations, limit, hasOtherApp }: Circumstances, startedAt: number) {
  const wholeMs = idealMs(invitations, limit);
  const turns = hasOtherApp
    ? [
        { atMs: wholeMs / 3, perSecond: limit.perSecond / 2 },
        { atMs: (wholeMs * 2) / 3, perSecond: 0 },
      ]
    : [];
  const shares: Share[] = [];
  return {
    shares,
    turn: async (elapsedMs: number): Promise<void> => {
      const [next] = turns;
      if (!next || elapsedMs < next.atMs) return;
      turns.shift();
      await graph.behave({ otherAppsPerSecond: next.perSecond });
      shares.push({ fromMs: Date.now() - startedAt, perSecond: next.perSecond });
    },
  };
}
