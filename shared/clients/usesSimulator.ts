import type { Settings } from '../settings';

/** Whether Graph is a simulator on this machine: it takes any token, and calls to this machine are allowed beside it. */
export function usesSimulator({ GRAPH_BASE_URL }: Settings): boolean {
  const { protocol, hostname } = new URL(GRAPH_BASE_URL);
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}
