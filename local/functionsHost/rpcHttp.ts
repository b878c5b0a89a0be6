import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Nullable, RpcHttpCookie, RpcHttpData, RpcTypedData } from './coreTypes';

/** A request the way the real host hands it to the worker: names in lower case, many values of one name joined by commas. */
export function toRpcHttp(
  request: IncomingMessage,
  url: URL,
  parameters: Record<string, string>,
  body: Buffer,
): RpcHttpData {
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(',') ?? '']);
  const names = url.search === '' ? [] : [...new Set(url.searchParams.keys())];
  const query = names.map((name) => [name, url.searchParams.getAll(name).join(',')]);
  return {
    method: request.method ?? 'GET',
    url: url.href,
    nullableHeaders: toNullables(headers),
    nullableQuery: toNullables(query),
    nullableParams: toNullables(Object.entries(parameters)),
    body: body.length > 0 ? { bytes: body } : null,
  };
}

function toNullables(pairs: string[][]): Record<string, Nullable<string>> {
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name, { value }]));
}

/** Writes what the function returned; 204 when it returned nothing. */
export function writeRpcHttp(answer: RpcTypedData | null | undefined, response: ServerResponse): void {
  const http = answer?.http;
  if (!http) {
    response.writeHead(204).end();
    return;
  }
  // The length is that of the bytes below: a length or an encoding of the handler's own could only contradict it.
  for (const [name, value] of Object.entries(http.headers ?? {})) {
    if (name !== 'content-length' && name !== 'transfer-encoding') response.setHeader(name, value);
  }
  for (const cookie of http.cookies ?? []) response.appendHeader('set-cookie', toSetCookie(cookie));
  const status = Number(http.statusCode ?? 200);
  const body = toBytes(http.body);
  if (status !== 204 && status !== 304) response.setHeader('content-length', body.length);
  response.writeHead(status).end(body);
}

function toBytes(body: RpcTypedData | null | undefined): Buffer {
  if (body?.bytes) return Buffer.from(body.bytes.buffer, body.bytes.byteOffset, body.bytes.byteLength);
  return Buffer.from(body?.string ?? body?.json ?? '');
}

const sameSiteNames = { none: undefined, lax: 'lax', strict: 'strict', explicitNone: 'none' };

export function toSetCookie(cookie: RpcHttpCookie): string {
  const expiresAt = cookie.expires?.value?.seconds;
  const sameSite = sameSiteNames[cookie.sameSite ?? 'none'];
  return [
    `${cookie.name ?? ''}=${encodeURIComponent(cookie.value ?? '')}`,
    expiresAt !== undefined && `expires=${new Date(expiresAt * 1000).toUTCString()}`,
    cookie.maxAge?.value !== undefined && `max-age=${cookie.maxAge.value}`,
    cookie.domain?.value && `domain=${cookie.domain.value}`,
    `path=${cookie.path?.value ?? '/'}`,
    cookie.secure?.value && 'secure',
    sameSite && `samesite=${sameSite}`,
    cookie.httpOnly?.value && 'httponly',
  ]
    .filter(Boolean)
    .join('; ');
}
