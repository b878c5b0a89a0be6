import type * as graphProcess from '../../../bench/ingest/graphProcess';
import type * as posts from '../../../bench/ingest/posts';
import type * as stage from '../../../bench/ingest/stage';
import type * as processorTime from '../../../bench/overhead/processorTime';
import type * as stages from '../../../bench/overhead/stages';
import { MOMENTS } from '../../../bench/overhead/moments';

/** They start processes of compiled files: build first. */
const { startGraph } = jest.requireActual<typeof graphProcess>('../../../dist/bench/ingest/graphProcess');
const { measurePosts } = jest.requireActual<typeof posts>('../../../dist/bench/ingest/posts');
const { startStage } = jest.requireActual<typeof stage>('../../../dist/bench/ingest/stage');
const { measureProcessorTime } = jest.requireActual<typeof processorTime>('../../../dist/bench/overhead/processorTime');
const { measureStages } = jest.requireActual<typeof stages>('../../../dist/bench/overhead/stages');

const log = () => undefined;

let running: stage.Stage;
/** What one measurement leaves in the queue would be the work of the next. */
beforeEach(async () => {
  running = await startStage();
});
afterEach(() => running.close());

it('measures requests over HTTP beside the same writes without the product', async () => {
  const measured = await measurePosts(running, { seed: 1, warmUp: 10, requests: 70, rounds: 1, log });
  for (const arm of ['ours', 'script', 'bare', 'empty'] as const) {
    expect(measured[arm].perSecond).toMatchObject({ runs: 1 });
    expect(measured[arm].perSecond.median).toBeGreaterThan(0);
    expect(measured[arm].cpuMs.median).toBeGreaterThan(0);
  }
});

describe('with Graph', () => {
  let graph: graphProcess.BenchGraph;
  beforeAll(async () => {
    graph = await startGraph({ throttle: { ratePerSecond: 1000, burst: 1000 } });
  });
  afterAll(() => graph.close());
  // A hint that a busy machine lost is made up for soon.
  const env = () => ({ ...running.env, GRAPH_BASE_URL: graph.baseUrl, WAKE_SCHEDULE: '*/5 * * * * *' });

  it('sees every moment of an invitation on its way, in their order', async () => {
    const measured = await measureStages({ env: env(), seed: 1, invitations: 2, log });
    expect(Object.keys(measured)).toEqual(MOMENTS.slice(1));
    // Not 'received': the broker may hand the hint over before it has told its sender that it has it.
    for (const moment of ['stored', 'hinted', 'lookedUp', 'tokenTaken', 'intentWritten', 'graphCalled'] as const) {
      expect(measured[moment]?.stepMs.p50).toBeGreaterThan(0);
    }
    expect(measured.received?.sinceMs.p50).toBeGreaterThan(measured.stored?.sinceMs.p50 ?? Infinity);
  });

  it('measures what invitations cost in processor time, sending each once', async () => {
    const before = await graph.sent();
    const measured = await measureProcessorTime({ env: env(), graph, seed: 2, invitations: 50, runs: 1, log });
    expect((await graph.sent()) - before).toBe(100);
    expect(measured.http.median).toBeGreaterThan(0);
    expect(measured.both.median).toBeCloseTo(measured.http.median + measured.queue.median, 6);
  });
});
