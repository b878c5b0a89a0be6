import { aPendingInvitation, aRequest } from '../../../support/invitations';
import { invitationBody, notFoundAnswer } from '../../../../shared/http/invitationAnswer';
import { aPendingShare, aShareRequest } from '../../../support/kinds';

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

describe('invitationBody', () => {
  const shown = (changes: Parameters<typeof aPendingInvitation>[0]) =>
    invitationBody({ invitation: aPendingInvitation(changes), etag: '1', changeId: '1' }, []);
  const request = aRequest({ groups: ['group-1', 'group-2', 'group-3'] });

  it('shows of a password that there is one, and no more', () => {
    const invitation = aPendingShare({ request: aShareRequest({ password: 'hunter2' }) });
    const body = invitationBody({ invitation, etag: '1', changeId: '1' }, []);
    expect(body).toMatchObject({ hasPassword: true, target: '/drives/b!drive/items/01ITEM' });
    expect(JSON.stringify(body)).not.toMatch(/hunter2|"password"/);
    const open = { invitation: aPendingShare(), etag: '1', changeId: '1' };
    expect(invitationBody(open, [])).not.toHaveProperty('hasPassword');
  });

  it('shows groups as waiting until the person accepts', () => {
    expect(shown({ request: aRequest({ groups: ['group-1'] }) })).toMatchObject({
      groups: [{ id: 'group-1', status: 'waiting' }],
    });
    expect(shown({})).not.toHaveProperty('groups');
  });

  it('shows what became of each group', () => {
    const groups = [
      { id: 'group-1', status: 'due' as const, tries: 2 },
      { id: 'group-2', status: 'joined' as const, at: '2026-03-03T09:00:00.000Z' },
      { id: 'group-3', status: 'failed' as const, code: 'Authorization_RequestDenied' },
    ];
    expect(shown({ request, groups })).toMatchObject({
      groups: [
        { id: 'group-1', status: 'due' },
        { id: 'group-2', status: 'joined' },
        { id: 'group-3', status: 'failed', code: 'Authorization_RequestDenied' },
      ],
    });
  });
});
