import type { Simulation } from './simulation';

/**
 * A redeem URL in one of Graph's two forms, on the simulator itself so that it really opens.
 *
 * 'login': `/redeem?rd=…ticket%3d…`, the other form inside it; 'invitations': `/redeem/?tenant=…&user=…&ticket=…`.
 */
export function makeRedeemUrl(simulation: Simulation, userId: string, ticket: string): string {
  const { baseUrl, tenant, behaviour } = simulation;
  const position = simulation.redeemUrlsIssued;
  simulation.redeemUrlsIssued += 1;
  const form =
    behaviour.redeemUrlForm === 'alternate' ? (position % 2 === 0 ? 'login' : 'invitations') : behaviour.redeemUrlForm;
  const plain = `${baseUrl}/redeem/?tenant=${tenant.id}&user=${userId}&ticket=${encodeLowerCase(ticket)}`;
  return form === 'invitations'
    ? `${plain}&lc=1033&ver=2.0`
    : `${baseUrl}/redeem?rd=${encodeLowerCase(`${plain}&ver=2.0`)}`;
}

/** The link in a mail about a share. */
export const makeShareUrl = ({ baseUrl }: Simulation, ticket: string): string =>
  `${baseUrl}/redeem/?ticket=${encodeLowerCase(ticket)}`;

/** The ticket in the query of a redeem URL of either form. */
export function ticketIn(query: URLSearchParams): string | undefined {
  const wrapped = query.get('rd');
  if (wrapped === null) return query.get('ticket') ?? undefined;
  return URL.canParse(wrapped) ? (new URL(wrapped).searchParams.get('ticket') ?? undefined) : undefined;
}

/** Graph writes the escapes of redeem URLs in lower case: `%3d`. */
const encodeLowerCase = (text: string) =>
  encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
