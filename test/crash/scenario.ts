import type { Invitation, Status } from '../../shared/domain/invitation';
import type { Play } from './play';
import type { Stack } from './stack';

/** One way of an invitation, from its request to where nothing is left to do. */
export interface Scenario {
  name: string;
  /** Of the request, beside the person. */
  body?: Record<string, unknown> & { kind?: 'driveItem' | 'linkedIn' };
  ends: Status;
  /** How many invitations of the person there are in the end; one unless said otherwise. */
  invitations?: number;
  /**
   * When with reconcile too a person has to decide what is not known. `always`: nothing can be looked up. `whenShared`: where
   * the item is shared, for that tells nothing of the mail.
   */
  asks?: 'always' | 'whenShared';
  play: (play: Play) => Promise<void>;
  /** What must be true in the end beside what must be of every life; gives what is not. */
  faults?: (play: Play, stack: Stack) => Promise<string[]>;
}

export const isMailed =
  (count: number) =>
  ({ sends }: Invitation): boolean =>
    sends.length === count;

/** Redeemed at the next look, which closes it. */
export async function redeemed(play: Play): Promise<void> {
  await play.redeem();
  await play.until('accepted', ({ status }) => status === 'accepted');
}

export async function invited(play: Play): Promise<void> {
  await play.request();
  await play.until('mailed once', isMailed(1));
}

export const NO_REMINDERS = { reminders: { after: [] } };
