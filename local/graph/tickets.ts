import { randomBytes } from 'node:crypto';

/** What a redeem URL stands for. */
export interface Ticket {
  readonly userId: string;
  readonly email: string;
  readonly inviteRedirectUrl: string;
}

/** The tickets in redeem URLs that are out. Resetting a user's redemption makes the ones before it void. */
export interface Tickets {
  issue(ticket: Ticket): string;
  find(code: string): { ticket: Ticket; isVoid: boolean } | undefined;
  voidAllOf(userId: string): void;
  /** Puts back a ticket that was issued before. */
  put(code: string, ticket: Ticket): void;
  /** Every ticket that is not void. */
  valid(): { code: string; ticket: Ticket }[];
}

const CAPACITY = 500_000;

export function createTickets(): Tickets {
  const issued = new Map<string, { ticket: Ticket; generation: number }>();
  const generations = new Map<string, number>();
  const generationOf = (userId: string) => generations.get(userId) ?? 0;

  const put = (code: string, ticket: Ticket): void => {
    issued.set(code, { ticket, generation: generationOf(ticket.userId) });
    if (issued.size > CAPACITY) dropOldest(issued);
  };

  return {
    put,
    issue(ticket) {
      const code = randomBytes(32).toString('base64');
      put(code, ticket);
      return code;
    },
    valid: () =>
      [...issued].flatMap(([code, { ticket, generation }]) =>
        generation === generationOf(ticket.userId) ? [{ code, ticket }] : [],
      ),
    find(code) {
      const entry = issued.get(code);
      return entry && { ticket: entry.ticket, isVoid: entry.generation !== generationOf(entry.ticket.userId) };
    },
    voidAllOf(userId) {
      generations.set(userId, generationOf(userId) + 1);
    },
  };
}

function dropOldest(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
