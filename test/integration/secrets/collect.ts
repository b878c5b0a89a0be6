import type { ProxiedCall } from '../../support/proxy';
import type { Evidence } from '../../support/leaks';
import type { Answer } from '../../support/wholeApp';

type Entity = Record<string, unknown> & { RowKey?: string; request?: string; state?: string };

/**
 * What a call wrote to the tables, entity by entity. Only the request of an invitation's entity may hold addresses; the
 * user principal name in its `state`, which Graph makes of the address, is of the same entity and is left aside.
 */
export function ofTableCall({ method, path, body }: ProxiedCall): Evidence[] {
  const lines = body.split(/\r?\n/).filter((line) => line !== '');
  return [
    { where: `tables ${method}`, text: path },
    ...lines.flatMap((line) => (line.startsWith('{') ? ofEntity(JSON.parse(line) as Entity) : [ofLine(line)])),
  ];
}

const ofLine = (text: string): Evidence => ({ where: 'tables, part of a transaction', text });

function ofEntity(entity: Entity): Evidence[] {
  const { RowKey = '', request, state, ...rest } = entity;
  const where = `entity ${RowKey}`;
  if (!RowKey.startsWith('i-')) return [{ where, text: JSON.stringify(entity) }];
  return [
    { where, text: JSON.stringify(rest) },
    { where: `${where} state`, text: (state ?? '').replace(/"userPrincipalName":"[^"]*"/, '') },
    { where: `${where} request`, text: request ?? '', mayHoldAddresses: true },
  ];
}

/** The API's own answers may hold addresses, its refusals may not. */
export const ofAnswer = ({ status, headers, body }: Answer): Evidence => ({
  where: `answer ${status}`,
  text: `${[...headers].map(([name, value]) => `${name}: ${value}`).join('\n')}\n${JSON.stringify(body)}`,
  mayHoldAddresses: status < 400,
});
