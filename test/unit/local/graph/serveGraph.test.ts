import { defaultBehaviour, mergeBehaviour } from '../../../../local/graph/behaviour';
import { serveGraph } from '../../../../local/graph/serveGraph';
import { createSimulation } from '../../../../local/graph/simulation';

describe('serveGraph', () => {
  it('stops waiting out the latency when the server closes, with the work undone', async () => {
    const simulation = createSimulation({
      baseUrl: 'http://127.0.0.1:7072',
      tenantDomain: 'contoso.com',
      behaviour: mergeBehaviour(defaultBehaviour(), { latency: 3_600_000 }),
      now: () => 0,
      random: () => 0,
    });
    const stopping = new AbortController();
    const outcome = serveGraph(
      simulation,
      { stopped: stopping.signal, onLog: () => undefined },
      {
        method: 'GET',
        url: new URL('http://127.0.0.1:7072/v1.0/users'),
        authorization: 'Bearer token',
        contentType: undefined,
        text: '',
        ids: { requestId: '1', clientRequestId: '1' },
      },
    );
    stopping.abort();
    await expect(outcome).rejects.toMatchObject({ name: 'AbortError' });
    expect(simulation.requests.total).toBe(0);
  });
});
