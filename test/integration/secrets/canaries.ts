/** A ticket that Graph, callers and strangers quote; those that the simulator gives out come on top. */
export const PLANTED = 'cGxhbnRlZCB0aWNrZXQ+Pz8rLw==';

const INNER = `https://invitations.microsoft.com/redeem/?tenant=t&user=u&ticket=${encodeURIComponent(PLANTED)}&ver=2.0`;
export const PLANTED_URL = `https://login.microsoftonline.com/redeem?rd=${encodeURIComponent(INNER)}`;

/** Named by what happens to them. */
export const PEOPLE = [
  'sent.one',
  'sent.two',
  'refused',
  'odd.code',
  'throttled',
  'busy',
  'unknown',
  'broken',
  'redeemer',
  'revoked',
  'bystander',
] as const;
export type Person = (typeof PEOPLE)[number];

export const addressOf = (person: Person): string => `canary.${person}@fabrikam.com`;

/** The ticket in a redeem URL of either form. */
export function ticketOf(redeemUrl: string): string {
  const { searchParams } = new URL(redeemUrl);
  const ticket = new URL(searchParams.get('rd') ?? redeemUrl).searchParams.get('ticket');
  if (ticket === null) throw new Error(`There is no ticket in ${redeemUrl}.`);
  return ticket;
}
