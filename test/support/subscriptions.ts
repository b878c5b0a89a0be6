import { EVENT_TYPES } from '../../shared/domain/events';
import type { Subscription } from '../../shared/domain/subscription';

export const SUBSCRIPTION_ID = '11111111-2222-4333-8444-555555555555';

/** To everything, and active long since. */
export const aSubscription = (changes: Partial<Subscription> = {}): Subscription => ({
  id: SUBSCRIPTION_ID,
  host: 'hooks.contoso.com',
  events: [...EVENT_TYPES],
  filters: {},
  createdBy: 'hr',
  createdAt: '2026-01-01T00:00:00.000Z',
  activeFrom: '2026-01-01T00:01:00.000Z',
  status: 'active',
  failures: 0,
  ...changes,
});
