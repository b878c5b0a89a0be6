import { createTickets } from '../../../../local/graph/tickets';

const ticketFor = (userId: string) => ({ userId, email: 'a@x.com', inviteRedirectUrl: 'https://x.com' });

describe('createTickets', () => {
  it('makes the tickets of one user void, and only those from before', () => {
    const tickets = createTickets();
    const [before, other] = [tickets.issue(ticketFor('ann')), tickets.issue(ticketFor('bob'))];
    tickets.voidAllOf('ann');
    const after = tickets.issue(ticketFor('ann'));
    expect([before, other, after].map((code) => tickets.find(code)?.isVoid)).toEqual([true, false, false]);
  });

  it('never issues the same code twice, and knows no other', () => {
    const tickets = createTickets();
    const codes = Array.from({ length: 1000 }, () => tickets.issue(ticketFor('ann')));
    expect(new Set(codes).size).toBe(1000);
    expect(tickets.find('made-up')).toBeUndefined();
  });
});
