import { isDomainListed } from '../domain/emailAddress';
import { isLoopbackUrl, publicUrlFault } from '../webhooks/fetchUrl';

export interface EventUrlRules {
  /** Hosts that events may go to; `*.example.com` stands for every subdomain. Empty: any public one. */
  allowedHosts: string[];
  /** Plain http to 127.0.0.1 as well: only where the app itself runs against a simulator on it. */
  allowsLoopback: boolean;
}

/**
 * What is wrong with a URL that events shall be posted to; undefined where nothing is. That its host leads to a public
 * address is checked when it is posted to (`publicLookup`), for a name may lead elsewhere by then.
 */
export function eventUrlFault(url: string, { allowedHosts, allowsLoopback }: EventUrlRules): string | undefined {
  if (url.includes('#')) return 'must have no fragment';
  if (allowsLoopback && isLoopbackUrl(url)) return undefined;
  const fault = publicUrlFault(url);
  if (fault !== undefined) return fault;
  const { hostname } = new URL(url);
  if (allowedHosts.length === 0 || isDomainListed(hostname, allowedHosts)) return undefined;
  return `has host ${hostname}, which is not among the allowed ones (ALLOWED_EVENT_HOSTS)`;
}
