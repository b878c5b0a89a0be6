import type { HttpResponseInit } from '@azure/functions';
import { openApiDocument } from '../shared/http/openApi/document';
import { openHttpFunction } from '../shared/httpFunction';

let text: string | undefined;

/** GET /api/openapi.json: the API as OpenAPI 3.1. Made when it is first asked for, so that no start waits for it. */
function getOpenApi(): Promise<HttpResponseInit> {
  text ??= JSON.stringify(openApiDocument());
  return Promise.resolve({
    status: 200,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'public, max-age=300' },
    body: text,
  });
}

openHttpFunction('getOpenApi', { methods: ['GET'], route: 'openapi.json', handler: getOpenApi });
