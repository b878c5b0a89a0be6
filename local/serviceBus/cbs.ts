import { int } from './rhea';
import type { Reply } from './requestReply';

/** Claims-based security: every token opens everything, because only this machine can connect. */
export function grantToken(): Reply {
  return { application_properties: { 'status-code': int(200), 'status-description': 'OK' } };
}
