import { policyOf, rulesOf } from '../../shared/clients/policyOf';
import type { Invitation } from '../../shared/domain/invitation';
import { newInvitation } from '../../shared/domain/newInvitation';
import { parseRequest } from '../../shared/domain/parseRequest';
import type { Policy } from '../../shared/domain/policy';
import { type Instant, toInstant } from '../../shared/domain/time';
import { type Settings, readSettings, tickMs } from '../../shared/settings';

/** The product's own settings, all by default unless named. */
export const settingsWith = (changes: Record<string, string> = {}): Settings =>
  readSettings({
    TablesConnection: 'none',
    ServiceBusConnection: 'none',
    HASH_KEY: 'only-for-this-benchmark',
    INVITE_REDIRECT_URL: 'https://myapp.contoso.com',
    ...changes,
  });

export interface Product {
  settings: Settings;
  policy: Policy;
  /** Milliseconds from one tick of wakeInvitations to the next. */
  tickMs: number;
  /** An invitation as its request leaves it. */
  requested: (id: string, at: Instant, sendAt?: Instant) => Invitation;
}

/** What the simulation needs of the product besides its functions. */
export function productWith(changes: Record<string, string> = {}): Product {
  const settings = settingsWith(changes);
  const parsed = parseRequest({ invitedUserEmailAddress: 'somebody@fabrikam.com' }, rulesOf(settings));
  const [asked] = parsed.ok ? parsed.asked : [];
  if (!asked) throw new Error(`A plain request was not understood: ${JSON.stringify(parsed)}`);
  const { request, warnings } = asked;
  return {
    settings,
    policy: policyOf(settings),
    tickMs: tickMs(settings.WAKE_SCHEDULE) ?? 60_000,
    requested: (id, at, sendAt = at) => {
      const made = { id, person: 'somebody', caller: 'bench', request, warnings, takesClaim: true, sendAt };
      return newInvitation(made, at).invitation;
    },
  };
}

/** The id of the nth invitation: what the simulation has to remember of it is its number alone. */
export const idOf = (nth: number, partition: number): string =>
  `01900000-0000-7000-8000-${nth.toString(16).padStart(10, '0')}${partition.toString(16).padStart(2, '0')}`;

export const numberOf = (id: string): number => parseInt(id.slice(24, 34), 16);
export const partitionOf = (id: string): number => parseInt(id.slice(34), 16);

export const instantOf = (ms: number): Instant => toInstant(Math.round(ms));
