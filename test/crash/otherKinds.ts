import { NO_REMINDERS, type Scenario, invited, isMailed, redeemed } from './scenario';
import type { Play } from './play';
import type { Stack } from './stack';

const SHARE = {
  ...NO_REMINDERS,
  kind: 'driveItem' as const,
  target: '/drives/b!x/items/01ABC',
  roles: ['read'],
};

const SHARED = { body: SHARE, asks: 'whenShared' } as const;

const sharesAre =
  (wanted: number) =>
  async ({ email }: Play, stack: Stack): Promise<string[]> => {
    const count = await stack.sharesWith(email);
    return count === wanted ? [] : [`The item is shared ${count} times, not ${wanted}.`];
  };

const GROUP = '33333333-3333-4333-8333-333333333333';
const OTHER_GROUP = '44444444-4444-4444-8444-444444444444';

const isDone = ({ groups = [] }: { groups?: { status: string }[] }): boolean =>
  groups.every(({ status }) => status === 'joined');

/** Each life's group of its own kind: a member is in it once, whoever else is. */
async function membership({ read }: Play, stack: Stack): Promise<string[]> {
  const { invitation } = await read();
  const userId = invitation.graph?.invitedUser?.id;
  const counts = await Promise.all(
    [GROUP, OTHER_GROUP].map(async (id) => (await stack.membersOf(id)).filter((member) => member === userId).length),
  );
  return counts.every((count) => count === 1) ? [] : [`The guest is ${counts.join(' and ')} times in the groups.`];
}

/** Shares, LinkedIn invitations, groups, replacements and the list of changes. */
export const OTHER_KINDS: Scenario[] = [
  {
    name: 'share',
    ...SHARED,
    ends: 'accepted',
    play: async (play) => {
      await play.addGuest();
      await invited(play);
      await redeemed(play);
    },
    faults: sharesAre(1),
  },
  {
    name: 'share with a stranger',
    ...SHARED,
    ends: 'accepted',
    invitations: 2,
    play: async (play) => {
      await invited(play);
      await redeemed(play);
      await play.untilOthersClose();
    },
    faults: sharesAre(1),
  },
  {
    name: 'share whose mail fails at first',
    ...SHARED,
    ends: 'accepted',
    play: async (play) => {
      await play.addGuest();
      await play.behave({ sharingMailsFail: [play.email] });
      await play.request();
      await play.until('shared without a mail', ({ graph }) => graph?.id !== undefined);
      await play.behave({ sharingMailsFail: [] });
      await play.until('mailed once', isMailed(1));
      await redeemed(play);
    },
    faults: sharesAre(1),
  },
  {
    name: 'share that is answered and not made',
    ...SHARED,
    ends: 'accepted',
    play: async (play) => {
      await play.addGuest();
      await play.behave({ sharesLost: 1 });
      await invited(play);
      await redeemed(play);
    },
    faults: sharesAre(1),
  },
  {
    name: 'share that is revoked',
    ...SHARED,
    ends: 'revoked',
    play: async (play) => {
      await play.addGuest();
      await invited(play);
      await play.decide('revoke');
      await play.untilRemoved();
    },
    faults: sharesAre(0),
  },
  {
    name: 'share that is replaced',
    ...SHARED,
    ends: 'accepted',
    invitations: 2,
    play: async (play) => {
      await play.addGuest();
      await play.request();
      await play.requestInItsPlace();
      await play.until('mailed once', isMailed(1));
      await redeemed(play);
      await play.untilOthersClose();
    },
    faults: async (play, stack) => {
      const { replaces } = (await play.read()).invitation.request;
      const replaced = replaces === undefined ? undefined : (await play.read(replaces)).invitation;
      const isRight = replaced?.status === 'revoked' && replaced.removal?.status !== 'due';
      return [
        ...(isRight ? [] : [`The one that was replaced is ${replaced?.status}, ${replaced?.removal?.status}.`]),
        ...(await sharesAre(1)(play, stack)),
      ];
    },
  },
  {
    name: 'LinkedIn',
    body: {
      kind: 'linkedIn',
      created: '9007199254740993',
      lastModified: '9007199254740993',
      inviter: 'urn:li:person:1',
      message: {},
      trackingId: 'first',
      expireAfter: 'P5D',
    },
    ends: 'expired',
    asks: 'always',
    play: async (play) => {
      await invited(play);
      await play.patch({ trackingId: 'second' });
      await play.until('told of the change', ({ updateRequestedAt }) => updateRequestedAt === undefined);
      await play.until('expired', ({ status }) => status === 'expired');
    },
    faults: async (play, stack) => {
      const added = await stack.linkedInOf(play.email);
      const { invitation } = await play.read();
      // Confirmed by a person: without Graph's id there is nothing that could be changed.
      const wanted = invitation.graph?.id === undefined ? 'first' : 'second';
      return added.join() === wanted ? [] : [`LinkedIn has ${added.join() || 'nothing'}, not ${wanted} once.`];
    },
  },
  {
    name: 'groups',
    body: { ...NO_REMINDERS, groups: [GROUP, OTHER_GROUP] },
    ends: 'accepted',
    play: async (play) => {
      await invited(play);
      await redeemed(play);
      await play.until('in its groups', isDone);
    },
    faults: membership,
  },
  {
    name: 'redemption told by the list of changes',
    body: { ...NO_REMINDERS, groups: [GROUP, OTHER_GROUP] },
    ends: 'accepted',
    play: async (play) => {
      await play.sync();
      await invited(play);
      await play.redeem();
      await play.untilSynced();
      await play.until('in its groups', isDone);
    },
    faults: membership,
  },
];

export const GROUPS = [GROUP, OTHER_GROUP];
