import type { Invitation, Status } from '../../shared/domain/invitation';
import type { Play } from './play';

/** One way of an invitation, from its request to where nothing is left to do. */
export interface Scenario {
  name: string;
  /** Of the request, beside the address. */
  body?: object;
  ends: Status;
  play: (play: Play) => Promise<void>;
}

const isMailed =
  (count: number) =>
  ({ sends }: Invitation): boolean =>
    sends.length === count;

/** Redeemed at the next look, which closes it. */
async function redeemed(play: Play): Promise<void> {
  await play.redeem();
  await play.until('accepted', ({ status }) => status === 'accepted');
}

async function invited(play: Play): Promise<void> {
  await play.request();
  await play.until('mailed once', isMailed(1));
}

const NO_REMINDERS = { reminders: { after: [] } };

export const SCENARIOS: Scenario[] = [
  {
    name: 'first send',
    body: NO_REMINDERS,
    ends: 'accepted',
    play: async (play) => {
      await invited(play);
      await redeemed(play);
    },
  },
  {
    name: 'later date',
    body: { ...NO_REMINDERS, notBefore: '2100-01-01T09:00:00Z' },
    ends: 'accepted',
    play: async (play) => {
      await invited(play);
      await redeemed(play);
    },
  },
  {
    name: 'reminder',
    body: { reminders: { after: ['P3D'] } },
    ends: 'accepted',
    play: async (play) => {
      await invited(play);
      await play.until('reminded', isMailed(2));
      await redeemed(play);
    },
  },
  {
    name: 'resend',
    body: NO_REMINDERS,
    ends: 'accepted',
    play: async (play) => {
      await invited(play);
      play.pass(11 * 60_000);
      await play.decide('resend');
      await play.until('sent again', isMailed(2));
      await redeemed(play);
    },
  },
  {
    name: 'revoke and remove',
    body: NO_REMINDERS,
    ends: 'revoked',
    play: async (play) => {
      await invited(play);
      await play.decide('revoke');
      await play.untilRemoved();
    },
  },
  {
    name: 'expire and remove',
    body: { ...NO_REMINDERS, expireAfter: 'P5D' },
    ends: 'expired',
    play: async (play) => {
      await invited(play);
      await play.until('expired', ({ status }) => status === 'expired');
      await play.untilRemoved();
      await play.until('looked at for the last time', ({ nextCheckAt }) => nextCheckAt === undefined);
    },
  },
  {
    name: 'throttled',
    body: NO_REMINDERS,
    ends: 'accepted',
    play: async (play) => {
      await play.fault({ answer: 429, retryAfter: 20 });
      await invited(play);
      await redeemed(play);
    },
  },
  {
    name: 'answer lost after the mail',
    body: NO_REMINDERS,
    ends: 'accepted',
    play: async (play) => {
      await play.fault({ answer: 'resetAfter' });
      await invited(play);
      await redeemed(play);
    },
  },
  {
    name: 'answer lost before the mail',
    body: NO_REMINDERS,
    ends: 'accepted',
    play: async (play) => {
      await play.fault({ answer: 'resetBefore' });
      await invited(play);
      await redeemed(play);
    },
  },
  {
    name: 'asked twice',
    body: NO_REMINDERS,
    ends: 'accepted',
    play: async (play) => {
      await play.request();
      await play.requestAgain();
      await play.until('mailed once', isMailed(1));
      await redeemed(play);
    },
  },
];
