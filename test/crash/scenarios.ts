import { OTHER_KINDS } from './otherKinds';
import { NO_REMINDERS, type Scenario, invited, isMailed, redeemed } from './scenario';

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
  ...OTHER_KINDS,
];
