/**
 * Defaults of the settings that a trigger is registered with. Here and not in settings.ts: registering the functions is
 * the cold start, and must not load the packages that the other settings are checked with.
 */
export const DEFAULT_WAKE_SCHEDULE = '0 * * * * *';
export const DEFAULT_SYNC_SCHEDULE = '0 */5 * * * *';
export const DEFAULT_COMPARE_SCHEDULE = '0 30 4 * * *';
export const DEFAULT_CLEAN_UP_SCHEDULE = '0 15 3 * * *';
export const DEFAULT_QUEUE = 'invitations';
export const DEFAULT_EVENTS_QUEUE = 'invitation-events';
export const DEFAULT_WEBHOOKS_QUEUE = 'webhook-events';
