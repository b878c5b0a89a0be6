import { notFoundAnswer } from '../../../../shared/http/invitationAnswer';

describe('notFoundAnswer', () => {
  it('names the id that was asked for', () => {
    expect(notFoundAnswer('01900000-0000-7000-8000-000000000000').jsonBody).toEqual({
      error: { code: 'notFound', message: 'There is no invitation 01900000-0000-7000-8000-000000000000.' },
    });
  });

  it('repeats nothing that is no id', () => {
    expect(notFoundAnswer('anna@fabrikam.com').jsonBody).toEqual({
      error: { code: 'notFound', message: 'The URL holds no id of an invitation where one belongs.' },
    });
  });
});
