import { type NewInvitation, newInvitation } from '../../../../shared/domain/newInvitation';
import { ID, REQUESTED_AT, aRequest } from '../../../support/invitations';
import { REPLACED } from '../../../support/kinds';

const made = (changes: Partial<NewInvitation> = {}): NewInvitation => ({
  id: ID,
  person: '00112233445566778899aabbccddeeff',
  caller: 'hr',
  request: aRequest(),
  warnings: [{ code: 'noMail', message: 'Nothing is mailed.' }],
  takesClaim: true,
  sendAt: REQUESTED_AT,
  ...changes,
});

describe('newInvitation', () => {
  it('is queued, with the claim and one line of history', () => {
    expect(newInvitation(made(), REQUESTED_AT)).toEqual({
      invitation: {
        schemaVersion: 1,
        id: ID,
        kind: 'guest',
        status: 'queued',
        createdAt: '2026-03-02T09:00:00.000Z',
        person: '00112233445566778899aabbccddeeff',
        caller: 'hr',
        request: aRequest(),
        warnings: [{ code: 'noMail', message: 'Nothing is mailed.' }],
        holdsClaim: true,
        sends: [],
        remindersDone: 0,
        resolvedTries: 0,
        deadLetters: 0,
        waits: 0,
        historyCount: 0,
      },
      history: [{ at: '2026-03-02T09:00:00.000Z', what: 'requested', by: 'hr' }],
    });
  });

  it('knows the others of its request, and what it replaces', () => {
    const batchId = '019cadc6-9a80-7abc-8def-012345678900';
    const request = aRequest({ replaces: REPLACED });
    const { invitation } = newInvitation(made({ batchId, request }), REQUESTED_AT);
    expect(invitation).toMatchObject({ batchId, replaces: { id: REPLACED, status: 'due' } });
  });

  it('takes no claim where duplicates are allowed', () => {
    expect(newInvitation(made({ takesClaim: false }), REQUESTED_AT).invitation.holdsClaim).toBe(false);
  });

  it('leaves Graph alone until the gate’s estimate', () => {
    const { invitation } = newInvitation(made({ sendAt: '2026-03-02T09:30:00.000Z' }), REQUESTED_AT);
    expect(invitation.status).toBe('queued');
    expect(invitation.nextAttemptAt).toBe('2026-03-02T09:30:00.000Z');
  });

  it.each([
    ['is scheduled for a date that lies ahead', '2026-03-10T08:00:00.000Z', 'scheduled'],
    ['is queued at once for a date that has come', '2026-03-02T09:00:00.000Z', 'queued'],
    ['is queued at once for a date long past', '2020-01-01T00:00:00.000Z', 'queued'],
  ])('%s', (_what, notBefore, status) => {
    expect(newInvitation(made({ request: aRequest({ notBefore }) }), REQUESTED_AT).invitation.status).toBe(status);
  });

  it('asks for its place at the gate only when its date has come', () => {
    const scheduled = made({
      request: aRequest({ notBefore: '2026-03-10T08:00:00.000Z' }),
      sendAt: '2026-03-02T09:30:00.000Z',
    });
    expect(newInvitation(scheduled, REQUESTED_AT).invitation).not.toHaveProperty('nextAttemptAt');
  });
});
