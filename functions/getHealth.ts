import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { services } from '../shared/clients';
import { toRead } from '../shared/http/auth/access';
import { mayCall, openHttpFunction } from '../shared/httpFunction';
import { withoutDetail } from '../shared/workflow/checkHealth';

/**
 * GET /api/health: 200 when tables, queue, Graph token and gate are well, 503 when one is not; says which. Probes have no
 * key and no token, so anybody may ask; with AUTH=entra only those who may read every invitation are told why.
 */
async function getHealth(request: HttpRequest): Promise<HttpResponseInit> {
  const { checkHealth } = await services();
  const health = await checkHealth();
  return {
    status: health.status === 'healthy' ? 200 : 503,
    headers: { 'Cache-Control': 'no-store' },
    jsonBody: (await mayCall(request, toRead)) ? health : withoutDetail(health),
  };
}

openHttpFunction('getHealth', { methods: ['GET'], route: 'health', handler: getHealth });
