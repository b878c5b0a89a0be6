import { randomBytes } from 'node:crypto';
import { z } from 'zod';

const guestTicket = z.object({ userId: z.string(), email: z.string(), inviteRedirectUrl: z.string() }).readonly();
const shareTicket = z.object({ permissionId: z.string(), email: z.string() }).readonly();

/** Tickets as the state file holds them. */
export const ticketSchema = z.union([guestTicket, shareTicket]);

/** What a redeem URL stands for: the invitation of a guest, or a share. */
export type Ticket = z.output<typeof ticketSchema>;
export type GuestTicket = z.output<typeof guestTicket>;

/** The tickets in redeem URLs that are out. Resetting a guest's redemption makes the ones before it void. */
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
  const currentGeneration = (ticket: Ticket) => ('userId' in ticket ? generationOf(ticket.userId) : 0);

  const put = (code: string, ticket: Ticket): void => {
    issued.set(code, { ticket, generation: currentGeneration(ticket) });
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
        generation === currentGeneration(ticket) ? [{ code, ticket }] : [],
      ),
    find(code) {
      const entry = issued.get(code);
      return entry && { ticket: entry.ticket, isVoid: entry.generation !== currentGeneration(entry.ticket) };
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
