import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { toRead } from '../shared/http/auth/access';
import { mayCall, openHttpFunction } from '../shared/httpFunction';
import { withoutDetail } from '../shared/workflow/checkHealth';

/**
 * GET /api/health: 503 when tables, queues, Graph token or gate are not well, else 200; says which, and which subscriptions
 * are disabled. Probes have no
 * key and no token, so anybody may ask; with AUTH=entra only those who may read every invitation are told why.
 */
async function getHealth(request: HttpRequest): Promise<HttpResponseInit> {
  const { checkHealth } = await services();
  const health = await checkHealth();
  return {
    status: health.status === 'unhealthy' ? 503 : 200,
    headers: { 'Cache-Control': 'no-store' },
    jsonBody: (await mayCall(request, toRead)) ? health : withoutDetail(health),
  };
}

openHttpFunction('getHealth', { methods: ['GET'], route: 'health', handler: getHealth });
