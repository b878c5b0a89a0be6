import { issuersOf } from '../../../../../shared/http/auth/issuers';
import { TENANT } from '../../../../support/entra';

it.each([
  [
    'https://login.microsoftonline.com',
    [`https://login.microsoftonline.com/${TENANT}/v2.0`, `https://sts.windows.net/${TENANT}/`],
  ],
  [
    'https://login.microsoftonline.us',
    [`https://login.microsoftonline.us/${TENANT}/v2.0`, `https://sts.windows.net/${TENANT}/`],
  ],
  [
    'https://login.chinacloudapi.cn',
    [`https://login.partner.microsoftonline.cn/${TENANT}/v2.0`, `https://sts.chinacloudapi.cn/${TENANT}/`],
  ],
  [
    'https://login.partner.microsoftonline.cn',
    [`https://login.partner.microsoftonline.cn/${TENANT}/v2.0`, `https://sts.chinacloudapi.cn/${TENANT}/`],
  ],
])('tokens of %s name the tenant so, in versions 2.0 and 1.0', (authority, issuers) => {
  expect(issuersOf(authority, TENANT)).toEqual(issuers);
});
