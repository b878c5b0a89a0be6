/** Under whatever name China's Entra is asked, its tokens have these. */
const CHINA = ['https://login.partner.microsoftonline.cn/{tenant}/v2.0', 'https://sts.chinacloudapi.cn/{tenant}/'];

/**
 * The tenant's names (`iss`) in tokens of version 2.0 and 1.0; the registration's `requestedAccessTokenVersion` says which
 * of them come. Those of 1.0 have a host of their own, the same for the global cloud and US Government.
 * https://learn.microsoft.com/entra/identity-platform/access-tokens#token-formats
 */
export function issuersOf(authority: string, tenantId: string): string[] {
  const names = new URL(authority).hostname.endsWith('.cn')
    ? CHINA
    : [`${authority}/{tenant}/v2.0`, 'https://sts.windows.net/{tenant}/'];
  return names.map((name) => name.replace('{tenant}', tenantId));
}
