import { type HttpResponseInit, app } from '@azure/functions';
import { services } from '../shared/clients';
import { answering } from '../shared/http/answering';

/** GET /api/health: 200 when tables, queue, Graph token and gate are well, 503 when one is not; says which. */
async function getHealth(): Promise<HttpResponseInit> {
  const { checkHealth } = await services();
  const health = await checkHealth();
  return {
    status: health.status === 'healthy' ? 200 : 503,
    headers: { 'Cache-Control': 'no-store' },
    jsonBody: health,
  };
}

app.http('getHealth', { methods: ['GET'], route: 'health', authLevel: 'anonymous', handler: answering(getHealth) });
