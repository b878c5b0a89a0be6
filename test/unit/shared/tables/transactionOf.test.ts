import { EVENT_TYPES } from '../../../../shared/domain/events';
import type { Change } from '../../../../shared/domain/history';
import type { Invitation } from '../../../../shared/domain/invitation';
import { MAX_SUBSCRIPTIONS, type Subscriber } from '../../../../shared/domain/subscription';
import type { StoredInvitation } from '../../../../shared/tables/invitationEntity';
import { parseEventKey } from '../../../../shared/tables/keys';
import { transactionOf } from '../../../../shared/tables/transactionOf';
import {
  ID,
  REQUESTED_AT,
  SENT_AT,
  aFirstSend,
  aPendingInvitation,
  aPolicy,
  aQueuedInvitation,
  aSend,
  anInvitationThatIs,
} from '../../../support/invitations';
import { SUBSCRIPTION_ID, aSubscription } from '../../../support/subscriptions';

const context = (subscribers: Subscriber[], now = SENT_AT) => ({
  now,
  policy: aPolicy(),
  changeId: 'change-1',
  subscribers,
});

const change = (invitation: Invitation): Change => ({ invitation, history: [] });
const stored = (invitation: Invitation): StoredInvitation => ({ invitation, etag: 'etag', changeId: 'change-0' });

/** Keys and properties of the events in a transaction. */
const eventsIn = ({ actions }: ReturnType<typeof transactionOf>) =>
  actions.map(([type, entity]) => ({ type, ...entity })).filter(({ rowKey }) => rowKey.startsWith('e-'));

describe('the events in a transaction', () => {
  it('are none where nobody subscribed, and the transaction is what it was', () => {
    const without = transactionOf(undefined, change(aQueuedInvitation()), context([]));
    expect([eventsIn(without), without.events]).toEqual([[], []]);
    expect(without.actions.map(([, { rowKey }]) => rowKey.slice(0, 2))).toEqual(['i-', 'w-', 'p-', 'a-', 's-']);
  });

  it('are one for each event and each subscription that wants it, with nothing of the person', () => {
    const other = '99999999-2222-4333-8444-555555555555';
    const subscribers = [aSubscription(), aSubscription({ id: other, events: ['invitation.accepted'] })];
    const after = { ...anInvitationThatIs('accepted'), sends: [aSend()] };
    const made = transactionOf(stored(aQueuedInvitation({ eventCount: 1 })), change(after), context(subscribers));
    expect(made.events).toEqual([
      `e-2026-03-02T09:00:05.000Z-${ID}-2-${SUBSCRIPTION_ID}`,
      `e-2026-03-02T09:00:05.000Z-${ID}-3-${SUBSCRIPTION_ID}`,
      `e-2026-03-02T09:00:05.000Z-${ID}-3-${other}`,
    ]);
    expect(eventsIn(made).map(({ rowKey }) => rowKey)).toEqual(made.events);
    expect(made.actions.at(-3)).toEqual([
      'create',
      {
        partitionKey: '0b',
        rowKey: made.events[0],
        type: 'invitation.sent',
        at: SENT_AT,
        status: 'accepted',
        attempts: 0,
      },
    ]);
    expect(made.after.invitation.eventCount).toBe(3);
  });

  it('are none for a subscription that is not active yet, and are counted all the same', () => {
    const early = transactionOf(
      undefined,
      change(aQueuedInvitation()),
      context([aSubscription({ activeFrom: SENT_AT })], REQUESTED_AT),
    );
    expect([early.events, early.after.invitation.eventCount]).toEqual([[], 1]);
  });

  it('leave room in the hundred entities of a transaction, with every subscription there may be', () => {
    const subscribers = Array.from({ length: MAX_SUBSCRIPTIONS }, (_, nth) =>
      aSubscription({ id: `${String(nth).padStart(8, '0')}-2222-4333-8444-555555555555`, events: [...EVENT_TYPES] }),
    );
    const before = aQueuedInvitation({ intent: aFirstSend() });
    const after = aPendingInvitation({ status: 'accepted', holdsClaim: false, closedAt: SENT_AT });
    const history = (['reminderSkipped', 'sent', 'accepted', 'revoked'] as const).map((what) => ({
      at: SENT_AT,
      what,
      by: 'workflow',
    }));
    const made = transactionOf(stored(before), { invitation: after, history }, context(subscribers));
    expect(made.events).toHaveLength(40);
    expect(made.actions.length).toBeLessThanOrEqual(60);
  });
});

describe('the key of an event', () => {
  it('tells when it is due, of which invitation it is and whom it is for', () => {
    expect(parseEventKey(`e-2026-03-02T09:00:05.000Z-${ID}-2-${SUBSCRIPTION_ID}`)).toEqual({
      dueAt: '2026-03-02T09:00:05.000Z',
      invitationId: ID,
      sequence: 2,
      subscriptionId: SUBSCRIPTION_ID,
    });
  });

  it.each([
    '',
    'e-',
    `w-0-2026-03-02T09:00:05.000Z-${ID}`,
    `e-tomorrow-${ID}-2-${SUBSCRIPTION_ID}`,
    `e-2026-03-02T09:00:05.000Z-${ID}-2`,
    `e-2026-03-02T09:00:05.000Z-${ID}-x-${SUBSCRIPTION_ID}`,
    `e-2026-03-02T09:00:05.000Z-../../../../../../../../etc-2-${SUBSCRIPTION_ID}`,
  ])('is not read from %j', (rowKey) => {
    expect(parseEventKey(rowKey)).toBeUndefined();
  });
});
