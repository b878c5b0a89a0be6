import type { ProxiedCall } from './proxy';
import type { WholeApp } from './wholeApp';

/** With these a call may be held for as long as a busy machine needs, and is not given up meanwhile. */
export const HOLDING_SETTINGS = { GRAPH_CALL_TIMEOUT: 'PT10S', SEND_LEASE: 'PT30S' };

/**
 * Holds the calls of Graph that fit on their way, once they are on record, until what is given is called: Graph does its
 * work after that.
 */
export function holdCalls({ graph }: WholeApp, fits: (call: ProxiedCall) => boolean): () => void {
  let letGo = (): void => undefined;
  const released = new Promise<void>((resolve) => (letGo = resolve));
  graph.breakCalls(async (call) => {
    if (fits(call)) await released;
    return undefined;
  });
  return () => {
    graph.breakCalls(() => undefined);
    letGo();
  };
}
