import { type GraphSimulatorOptions, startGraphSimulator } from '../../local/graph/startGraphSimulator';
import { answerParent, startChild } from './child';

export interface BenchGraph {
  baseUrl: string;
  /** How many mails it sent so far. */
  sent: () => Promise<number>;
  close: () => Promise<void>;
}

/** The Graph simulator in a process of its own. */
export async function startGraph(behaviour: GraphSimulatorOptions['behaviour'] = {}): Promise<BenchGraph> {
  const child = startChild(__filename);
  const baseUrl = (await child.ask('start', behaviour)) as string;
  const sent = async () => {
    const response = await fetch(`${baseUrl}/_simulator/mails`);
    return ((await response.json()) as { total: number }).total;
  };
  return { baseUrl, sent, close: child.end };
}

if (require.main === module) {
  answerParent({
    start: async (behaviour) => {
      const graph = await startGraphSimulator({
        port: 0,
        behaviour: behaviour as NonNullable<GraphSimulatorOptions['behaviour']>,
      });
      return graph.baseUrl;
    },
  });
}
