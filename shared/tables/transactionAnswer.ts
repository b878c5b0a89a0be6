import { RestError, type TableTransactionResponse, type TransactionAction } from '@azure/data-tables';

type Answer = NonNullable<RestError['response']>;

/**
 * What a table server answered to an entity-group transaction. Throws `RestError` with the status and the code of the part
 * that was refused, or of the whole: then nothing was written.
 */
export function readTransactionAnswer(
  response: Answer,
  actions: readonly TransactionAction[],
): TableTransactionResponse {
  const { status, bodyAsText } = response;
  const text = bodyAsText ?? '';
  if (status < 200 || status >= 300) throw refusal(text, status, response);
  // What is before the first boundary and after the last is no part.
  const parts = text.split('--changesetresponse_').slice(1, -1);
  const subResponses = parts.map((part, nth) => {
    const partStatus = Number(/HTTP\/1\.1 (\d+)/.exec(part)?.[1]);
    if (!(partStatus < 400)) throw refusal(/\{.*\}/s.exec(part)?.[0] ?? '', partStatus, response);
    const etag = /ETag: (.*)/.exec(part)?.[1];
    const rowKey = actions[nth]?.[1].rowKey;
    return { status: partStatus, ...(etag === undefined ? {} : { etag }), ...(rowKey === undefined ? {} : { rowKey }) };
  });
  return { status, subResponses, getResponseForEntity: (key) => subResponses.find(({ rowKey }) => rowKey === key) };
}

function refusal(body: string, statusCode: number, response: Answer): RestError {
  const { code, message } = errorIn(body);
  return new RestError(message ?? 'Transaction Failed', {
    ...(code === undefined ? {} : { code }),
    statusCode,
    request: response.request,
    response,
  });
}

/** https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2 */
function errorIn(body: string): { code?: string; message?: string } {
  try {
    const { 'odata.error': error } = JSON.parse(body) as {
      'odata.error'?: { code?: string; message?: { value?: string } };
    };
    return {
      ...(error?.code === undefined ? {} : { code: error.code }),
      ...(error?.message?.value === undefined ? {} : { message: error.message.value }),
    };
  } catch {
    return {};
  }
}
