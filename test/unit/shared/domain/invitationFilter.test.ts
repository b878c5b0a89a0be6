import { type InvitationFilter, isByIndex, passes } from '../../../../shared/domain/invitationFilter';
import { aQueuedInvitation, aRequest } from '../../../support/invitations';

const invitation = aQueuedInvitation({ request: aRequest({ source: 'workday', externalId: '4711' }) });
const PERSON = '00112233445566778899aabbccddeeff';

describe('passes', () => {
  it.each<[InvitationFilter, boolean]>([
    [{}, true],
    [{ status: 'queued', kind: 'guest', person: PERSON, source: 'workday', externalId: '4711' }, true],
    [{ status: 'failed' }, false],
    [{ kind: 'linkedIn' }, false],
    [{ person: 'another' }, false],
    [{ source: 'Workday' }, false],
    [{ externalId: '47' }, false],
    [{ status: 'queued', externalId: '12' }, false],
  ])('%j: %j', (filter, expected) => {
    expect(passes(invitation, filter, undefined)).toBe(expected);
  });

  it('leaves out what another caller asked for', () => {
    expect([passes(invitation, {}, 'hr'), passes(invitation, {}, 'app:2')]).toEqual([true, false]);
  });
});

describe('isByIndex', () => {
  it.each<[InvitationFilter, string | undefined, boolean]>([
    [{}, undefined, true],
    [{ status: 'queued' }, undefined, true],
    [{ person: PERSON }, undefined, true],
    [{ status: 'queued', createdAfter: '2026-03-02T09:00:00.000Z' }, undefined, true],
    [{ status: 'queued', person: PERSON }, undefined, false],
    [{ status: 'queued', kind: 'guest' }, undefined, false],
    [{ person: PERSON, source: 'workday' }, undefined, false],
    [{ externalId: '4711' }, undefined, false],
    [{ status: 'queued' }, 'hr', false],
  ])('%j for %j: %j', (filter, onlyCaller, expected) => {
    expect(isByIndex(filter, onlyCaller)).toBe(expected);
  });
});
