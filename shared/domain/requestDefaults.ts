import { isDomainListed, normalFormOf } from './emailAddress';
import type { CommonOptions } from './request';
import type { RequestRules } from './requestRules';
import { durationMs } from './time';

interface AskedTimes {
  reminders?: { after?: string[] | undefined; timeZone?: string | undefined } | undefined;
  expireAfter?: string | undefined;
}

/** Reminders and expiry as they were asked for, or as the settings say; without a mail there is nothing to remind of. */
export const timesOf = (
  { reminders, expireAfter }: AskedTimes,
  isMailed: boolean,
  rules: RequestRules,
): Pick<CommonOptions, 'reminders' | 'expireAfter'> => ({
  reminders: {
    after: isMailed ? inRisingOrder(reminders?.after ?? rules.remindAfter) : [],
    timeZone: reminders?.timeZone ?? 'UTC',
  },
  expireAfter: expireAfter ?? rules.expireAfter,
});

export const inRisingOrder = (durations: string[]): string[] =>
  [...durations].sort((a, b) => durationMs(a) - durationMs(b));

/** Waits for approval where the request or the settings say so; a request can't talk itself out of the settings. */
export function approvalOf(
  { approval }: { approval?: { required: boolean } | undefined },
  addresses: (string | undefined)[],
  { approvalRequiredDomains, approvalExpiresAfter }: RequestRules,
): CommonOptions['approval'] | undefined {
  const isListed = addresses.some(
    (address) => address !== undefined && isDomainListed(normalFormOf(address).domain, approvalRequiredDomains),
  );
  return approval?.required || isListed ? { required: true, expiresAfter: approvalExpiresAfter } : undefined;
}
