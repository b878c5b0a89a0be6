import { aPolicy } from '../../support/invitations';
import { tableFault } from './invariants';
import type { Row } from './table';
import { START_MS } from './graph';
import { requested, rowsOf } from './world';

const policy = aPolicy();
const NOW = new Date(START_MS).toISOString();

/** The rows of a requested invitation after somebody has tampered with those whose key starts like that. */
function tampered(start: string, tamper: (rows: Map<string, Row>, address: string, row: Row) => void) {
  const rows = new Map(rowsOf(requested(), policy));
  const [address, row] = [...rows].find(([key]) => key.startsWith(`invitations/0b/${start}`)) ?? [];
  if (address === undefined || row === undefined) throw new Error(`No row ${start}`);
  tamper(rows, address, row);
  return tableFault(rows, NOW, policy);
}

describe('the check of the table', () => {
  it('finds nothing wrong with what the product writes', () => {
    expect(tableFault(rowsOf(requested(), policy), NOW, policy)).toBeUndefined();
  });

  it.each(['w-', 'p-', 's-'])('finds that %s is missing', (start) => {
    expect(tampered(start, (rows, address) => rows.delete(address))).toMatch(/^expected .*, found /);
  });

  it.each(['w-', 'p-', 's-'])('finds one %s too many', (start) => {
    expect(tampered(start, (rows, address, row) => rows.set(`${address}0`, row))).toMatch(/^expected .*, found /);
  });

  it('finds a claim in somebody else’s name', () => {
    const renamed = tampered('p-', (rows, address, row) =>
      rows.set(address, { ...row, entity: { ...row.entity, id: 'somebody' } }),
    );
    expect(renamed).toMatch(/names somebody, which does not hold it$/);
  });

  it('finds a wake-up that the entity does not note', () => {
    const unnoted = tampered('i-', (rows, address, row) =>
      rows.set(address, { ...row, entity: { ...row.entity, wakeUp: '' } }),
    );
    expect(unnoted).toContain('(the entity notes none)');
  });
});
