import { RestError } from '@azure/data-tables';
import { TablesUnavailableError } from '../../../../shared/tables/tablesError';

const messageOf = (cause: unknown) => new TablesUnavailableError('read invitation', cause).message;

describe('TablesUnavailableError', () => {
  it('says what the network said', () => {
    const cause = new RestError('connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED' });
    expect(messageOf(cause)).toBe('Table Storage did not answer (read invitation): connect ECONNREFUSED 127.0.0.1:1');
  });

  it('says of a fault of the server its code and status alone: its text may quote an entity', () => {
    const cause = new RestError('{"request":"anna@fabrikam.com"}', { code: 'InternalError', statusCode: 500 });
    expect(messageOf(cause)).toBe('Table Storage did not answer (read invitation): InternalError, status 500');
  });

  it('quotes no answer that can’t be read, because it may be an entity', () => {
    const message = 'Error "SyntaxError" occurred while parsing the response body - {"request":"anna@fabrikam.com"}.';
    expect(messageOf(new RestError(message, { code: 'PARSE_ERROR', statusCode: 200 }))).toBe(
      'Table Storage did not answer (read invitation): PARSE_ERROR, status 200',
    );
  });

  it('keeps the cause for who debugs', () => {
    const cause = new Error('x');
    expect(new TablesUnavailableError('read invitation', cause).cause).toBe(cause);
  });
});
