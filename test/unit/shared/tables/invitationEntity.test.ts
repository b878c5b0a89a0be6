import { fromInvitationEntity, toInvitationEntity } from '../../../../shared/tables/invitationEntity';
import { parseWakeUpKey, wakeUpKey } from '../../../../shared/tables/keys';
import { ID, aPendingInvitation, aRequest } from '../../../support/invitations';

it('is read back as it was written', () => {
  const invitation = aPendingInvitation();
  const entity = toInvitationEntity(invitation, 'change-1', 'w-1-x');
  expect(fromInvitationEntity({ ...entity, etag: 'W/1' })).toEqual({
    invitation,
    etag: 'W/1',
    changeId: 'change-1',
    wakeUp: 'w-1-x',
  });
  const closed = toInvitationEntity(invitation, 'change-1', undefined);
  expect(fromInvitationEntity({ ...closed, etag: 'W/1' })).not.toHaveProperty('wakeUp');
});

it('holds the address in one property only', () => {
  const entity = toInvitationEntity(aPendingInvitation(), 'change-1', undefined);
  const holding = Object.entries(entity).filter(([, value]) => String(value).includes('ada@'));
  expect(holding.map(([name]) => name)).toEqual(['request']);
});

it('is found by its id alone: partition at the end, newest first', () => {
  const { partitionKey, rowKey } = toInvitationEntity(aPendingInvitation(), 'change-1', undefined);
  expect([partitionKey, rowKey]).toEqual(['0b', 'i-fe635239-657f-8543-7210-fedcba9876f4']);
});

it('refuses a text that Table Storage could not hold, and names the property but not the text', () => {
  const outgrown = aPendingInvitation({ request: aRequest({ externalId: 'x'.repeat(32_768) }) });
  expect(() => toInvitationEntity(outgrown, 'change-1', undefined)).toThrow(
    new RegExp(`^Invitation ${ID}: request has \\d+ characters\\.$`),
  );
});

it('knows a wake-up’s lane, time and invitation from its key', () => {
  const key = wakeUpKey({ lane: 1, at: '2026-03-05T09:00:05.000Z' }, ID);
  expect(key).toBe(`w-1-2026-03-05T09:00:05.000Z-${ID}`);
  expect(parseWakeUpKey(key)).toEqual({ lane: 1, at: '2026-03-05T09:00:05.000Z', id: ID });
});
