import { nextReminderAt, reminderAt, reminderDue } from '../../../../shared/domain/reminders';
import { aPendingInvitation, aQueuedInvitation, aRequest, aSend } from '../../../support/invitations';

const remindedIn = (timeZone: string, firstSentAt: string, ...after: string[]) =>
  aPendingInvitation({ firstSentAt, request: aRequest({ reminders: { after, timeZone } }) });

describe('reminderAt', () => {
  it('counts every reminder from the first send, not from the one before', () => {
    const invitation = remindedIn('UTC', '2026-03-02T09:00:05.000Z', 'P3D', 'P7D');
    expect(reminderAt(invitation, 0)).toBe('2026-03-05T09:00:05.000Z');
    expect(reminderAt(invitation, 1)).toBe('2026-03-09T09:00:05.000Z');
  });

  it('is undefined after the last, and before anything was sent', () => {
    expect(reminderAt(aPendingInvitation(), 2)).toBeUndefined();
    expect(reminderAt(aQueuedInvitation(), 0)).toBeUndefined();
  });

  it('keeps nine in the morning in Berlin over the change to summer time', () => {
    const invitation = remindedIn('Europe/Berlin', '2026-03-27T08:00:00.000Z', 'P1D', 'P2D', 'P3D');
    expect([0, 1, 2].map((index) => reminderAt(invitation, index))).toEqual([
      '2026-03-28T08:00:00.000Z',
      '2026-03-29T07:00:00.000Z',
      '2026-03-30T07:00:00.000Z',
    ]);
  });

  it('keeps nine in the morning in New York over the change to winter time', () => {
    const invitation = remindedIn('America/New_York', '2026-10-30T13:00:00.000Z', 'P1D', 'P2D', 'P3D');
    expect([0, 1, 2].map((index) => reminderAt(invitation, index))).toEqual([
      '2026-10-31T13:00:00.000Z',
      '2026-11-01T14:00:00.000Z',
      '2026-11-02T14:00:00.000Z',
    ]);
  });

  it('comes at half past three where half past two is left out, and goes back to half past two the day after', () => {
    const invitation = remindedIn('Europe/Berlin', '2026-03-28T01:30:00.000Z', 'P1D', 'P2D');
    expect([0, 1].map((index) => reminderAt(invitation, index))).toEqual([
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  it('comes on the last day of a shorter month', () => {
    const invitation = remindedIn('UTC', '2026-01-31T10:00:00.000Z', 'P1M', 'P2M');
    expect([0, 1].map((index) => reminderAt(invitation, index))).toEqual([
      '2026-02-28T10:00:00.000Z',
      '2026-03-31T10:00:00.000Z',
    ]);
  });

  it('counts hours exactly, so the time of day moves with the clocks', () => {
    const invitation = remindedIn('Europe/Berlin', '2026-03-28T08:00:00.000Z', 'PT24H', 'PT48H');
    expect([0, 1].map((index) => reminderAt(invitation, index))).toEqual([
      '2026-03-29T08:00:00.000Z',
      '2026-03-30T08:00:00.000Z',
    ]);
  });
});

describe('nextReminderAt', () => {
  it.each([
    [0, '2026-03-05T09:00:05.000Z'],
    [1, '2026-03-09T09:00:05.000Z'],
    [2, undefined],
  ])('when %d are done: %s', (remindersDone, at) => {
    expect(nextReminderAt(aPendingInvitation({ remindersDone }))).toBe(at);
  });

  it('is undefined where nothing is mailed', () => {
    const request = aRequest({ sendInvitationMessage: false });
    expect(nextReminderAt(aPendingInvitation({ request }))).toBeUndefined();
  });

  it('is undefined once the thirtieth mail is out', () => {
    const sends = (count: number) => Array.from({ length: count }, (_, number) => aSend({ number }));
    expect(nextReminderAt(aPendingInvitation({ sends: sends(29) }))).toBe('2026-03-05T09:00:05.000Z');
    expect(nextReminderAt(aPendingInvitation({ sends: sends(30) }))).toBeUndefined();
  });
});

describe('reminderDue', () => {
  it.each([
    ['2026-03-05T09:00:04.999Z', undefined],
    ['2026-03-05T09:00:05.000Z', 0],
    ['2026-03-09T09:00:04.999Z', 0],
    ['2026-03-09T09:00:05.000Z', 1],
    ['2026-12-31T00:00:00.000Z', 1],
  ])('at %s, with none done: %s', (now, index) => {
    expect(reminderDue(aPendingInvitation(), now)).toBe(index);
  });

  it('never names one that is done already', () => {
    const now = '2026-12-31T00:00:00.000Z';
    expect(reminderDue(aPendingInvitation({ remindersDone: 1 }), now)).toBe(1);
    expect(reminderDue(aPendingInvitation({ remindersDone: 2 }), now)).toBeUndefined();
  });

  it('is undefined before anything was sent', () => {
    expect(reminderDue(aQueuedInvitation(), '2026-12-31T00:00:00.000Z')).toBeUndefined();
  });
});
