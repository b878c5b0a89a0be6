import { type Invitation, MAX_SENDS } from '../../../../shared/domain/invitation';
import { parseRequest } from '../../../../shared/domain/parseRequest';
import type { CallGraph } from '../../../../shared/graph/callGraph';
import { makeDriveItem } from '../../../../shared/graph/driveItem';
import { fromInvitationEntity, toInvitationEntity } from '../../../../shared/tables/invitationEntity';
import { ID, aFirstSend, aPendingInvitation, aSend } from '../../../support/invitations';
import { REPLACED, aPendingLinkedIn, aPendingShare, aShareRequest } from '../../../support/kinds';
import { rules } from '../../../support/requests';

/* Azure Tables keeps 32,768 UTF-16 units in a text property. The longest that callers and Graph may send has to fit. */

const LIMIT = 32_768;
const GUID = 'cbb896f9-8306-49d0-b56b-b8e39cd28825';

/** Two units of JSON for each of the text. */
const worst = (length: number): string => '"'.repeat(length);

const ADDRESS = `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(57)}.com`;
const LONGEST_DURATION = `P0.${'0'.repeat(19)}1Y0.${'0'.repeat(19)}1M0.${'0'.repeat(19)}1W0.${'0'.repeat(19)}1D`;

const common = {
  notBefore: '2026-12-01T09:00:00Z',
  expireAfter: LONGEST_DURATION,
  replaces: REPLACED,
  source: worst(64),
  externalId: worst(256),
  approval: { required: true },
  metadata: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`n${index}`.padEnd(64, 'x'), worst(256)])),
};
const reminders = {
  after: Array.from({ length: 10 }, () => LONGEST_DURATION),
  timeZone: 'America/Argentina/ComodRivadavia',
};
const inviteRedirectUrl = `https://contoso.com/?${worst(2048 - 21)}`;

const LARGEST = {
  guest: {
    ...common,
    reminders,
    inviteRedirectUrl,
    graphVersion: 'beta',
    invitedUserEmailAddress: ADDRESS,
    invitedUserDisplayName: worst(256),
    invitedUserType: 'Member',
    resetRedemption: true,
    invitedUser: { id: GUID },
    invitedUserMessageInfo: {
      messageLanguage: 'en-US',
      ccRecipients: [{ emailAddress: { name: worst(256), address: ADDRESS } }],
      customizedMessageBody: worst(5000),
    },
    invitedUserSponsors: Array.from({ length: 5 }, () => ({ '@odata.type': `#x.${'y'.repeat(97)}`, id: GUID })),
    groups: Array.from({ length: 10 }, (_, index) => GUID.replace(/^c/, String(index))),
  },
  driveItem: {
    ...common,
    reminders,
    inviteRedirectUrl,
    kind: 'driveItem',
    target: `/me/drive/following/f${'='.repeat(299)}/analytics/itemActivityStats/s${'='.repeat(299)}/activities/a${'='.repeat(299)}/driveItem`,
    roles: ['read', 'write', 'owner'],
    message: worst(2000),
    recipients: [{ email: ADDRESS, objectId: GUID, alias: worst(256) }],
    expirationDateTime: '2026-12-01T09:00:00Z',
    password: worst(256),
    retainInheritedPermissions: false,
  },
  linkedIn: {
    ...common,
    kind: 'linkedIn',
    created: '-9223372036854775808',
    lastModified: '-9223372036854775808',
    inviter: worst(256),
    invitee: worst(256),
    message: { invitationTemplateID: worst(256), invitationMessage: { body: worst(5000) } },
    trackingId: worst(256),
  },
};

it.each(Object.entries(LARGEST))('the largest request that is taken fits: %s', (_kind, body) => {
  const parsed = parseRequest(body, rules({ graphPermissions: 'delegated', linkedInInvitations: 'on' }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  for (const { request } of parsed.asked) expect(JSON.stringify(request).length).toBeLessThan(LIMIT);
});

/** Everything that an invitation may gather in its life, at its longest. */
const gathered = (changes: Partial<Invitation>): Partial<Invitation> => ({
  batchId: ID,
  caller: 'c'.repeat(200),
  warnings: Array.from({ length: 6 }, () => ({
    code: 'w'.repeat(40),
    target: 't'.repeat(60),
    message: 'm'.repeat(300),
  })),
  sends: Array.from({ length: MAX_SENDS }, (_, number) =>
    aSend({ number, cause: 'reminder', status: 'confirmed', attemptId: GUID }),
  ),
  lastHistory: {
    at: '2026-03-02T09:00:00.000Z',
    what: 'notReplaced',
    by: 'c'.repeat(200),
    detail: worst(300),
    times: 1e6,
  },
  intent: aFirstSend({ attemptId: GUID, unknown: 'x'.repeat(100), before: { known: true, permissionId: worst(1000) } }),
  fault: { code: 'x'.repeat(100), message: worst(1150) },
  approval: { decision: 'approved', at: '2026-03-02T09:00:00.000Z', by: 'c'.repeat(200), comment: worst(1000) },
  removal: { status: 'kept', reason: 'r'.repeat(200) },
  replaces: { id: REPLACED, status: 'due', retryAt: '2026-03-02T09:00:00.000Z' },
  replacedBy: REPLACED,
  waitsFor: REPLACED,
  revokeRequested: { at: '2026-03-02T09:00:00.000Z', by: 'c'.repeat(200) },
  groups: Array.from({ length: 10 }, () => ({ id: GUID, status: 'failed', code: 'x'.repeat(100) })),
  ...changes,
});

const ofGraph = { externalUserState: worst(256), externalUserStateChangeDateTime: worst(256), status: worst(256) };

/** What the adapter keeps of a permission whose every property is just short of being left out. */
async function largestPermission(): Promise<NonNullable<Invitation['graph']>> {
  const text = worst(998);
  const body = {
    value: [
      {
        id: worst(998),
        roles: [worst(997)],
        grantedTo: { a: worst(990) },
        grantedToV2: { a: worst(990) },
        grantedToIdentities: [{ a: worst(990) }],
        hasPassword: true,
        inheritedFrom: { a: worst(990) },
        invitation: { a: worst(990) },
        shareId: text,
        expirationDateTime: text,
      },
    ],
  };
  const answers: CallGraph = () =>
    Promise.resolve({
      type: 'answer',
      status: 200,
      body,
      date: undefined,
      retryAfterMs: undefined,
      throttlePercentage: undefined,
    });
  const shared = await makeDriveItem(answers).share(aShareRequest(), { attemptId: GUID, mayStillCall: () => true });
  if (shared.type !== 'shared') throw new Error(shared.type);
  expect(JSON.stringify(shared.permission.record).length).toBeGreaterThan(7_900);
  return shared.permission.record;
}

it('what an invitation gathers in its life fits, with the largest permission that is kept', async () => {
  const invitedUser = { id: 'x'.repeat(256), userPrincipalName: worst(256) };
  const share = aPendingShare(gathered({ graph: { ...(await largestPermission()), ...ofGraph, invitedUser } }));
  expect(toInvitationEntity(share, GUID, undefined).state.length).toBeLessThan(LIMIT);
  const guest = aPendingInvitation(gathered({ graph: { id: 'x'.repeat(256), ...ofGraph, invitedUser } }));
  expect(toInvitationEntity(guest, GUID, undefined).state.length).toBeLessThan(LIMIT);
  const linkedIn = aPendingLinkedIn(gathered({ graph: { id: 'x'.repeat(256) } }));
  expect(toInvitationEntity(linkedIn, GUID, undefined).state.length).toBeLessThan(LIMIT);
});

it('holds no line separator and no half of a character as such, and gives both back', () => {
  const odd = 'a\u2028b\u2029c\ud83d';
  const share = aPendingShare({ graph: { id: odd, roles: [odd] }, request: aShareRequest({ message: odd }) });
  const entity = toInvitationEntity(share, 'change-1', undefined);
  for (const value of Object.values(entity)) expect(value).not.toMatch(/[\u2028\u2029]|\p{Surrogate}/u);
  expect(fromInvitationEntity({ ...entity, etag: 'W/1' }).invitation).toEqual(share);
});
