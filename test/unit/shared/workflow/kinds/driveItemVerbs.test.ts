import type { Invitation } from '../../../../../shared/domain/invitation';
import { makeDriveItemVerbs } from '../../../../../shared/workflow/kinds/driveItemVerbs';
import type { GuestState } from '../../../../../shared/graph/guest';
import { aFirstSend, omit } from '../../../../support/invitations';
import { aPendingShare, aQueuedShare, aShareRequest } from '../../../../support/kinds';

const PERMISSION = { id: 'permission-1', record: { id: 'permission-1', roles: ['read'] }, isUsed: true };
const MEMBER: GuestState = { userId: 'user-1', userType: 'Member', externalUserState: null };
const PENDING: GuestState = { userId: 'user-1', userType: 'Guest', externalUserState: 'PendingAcceptance' };
const acceptedAt = (externalUserStateChangeDateTime: string): GuestState => ({
  ...PENDING,
  externalUserState: 'Accepted',
  externalUserStateChangeDateTime,
});

/** The verbs over a Graph that shows this person and this permission, or none. */
function verbsOver(guest: GuestState, permission?: typeof PERMISSION) {
  const found = () => Promise.resolve({ type: 'found', permission, graphNow: undefined });
  const person = () => Promise.resolve({ type: 'found', guest, graphNow: undefined });
  const parts = {
    driveItem: { findPermission: found, readPermission: found },
    guest: { findById: person, findByAddress: person },
    invitations: { idsOfPerson: () => Promise.resolve([]) },
    invitedUsers: { invitationsOf: () => Promise.resolve([]) },
  };
  return makeDriveItemVerbs(parts as unknown as Parameters<typeof makeDriveItemVerbs>[0]);
}

describe('a first share that comes upon a permission', () => {
  const stored = { invitation: aQueuedShare(), etag: 'etag-1', changeId: 'change-1' };
  const lost = aQueuedShare({ id: 'lost', status: 'needsReview', madePermission: true });

  /** What is known to have been there before, where the person has this other invitation too. */
  async function before(other: Invitation) {
    const parts = {
      driveItem: { findPermission: () => Promise.resolve({ type: 'found', permission: PERMISSION }) },
      guest: { findByAddress: () => Promise.resolve({ type: 'found', guest: PENDING, graphNow: undefined }) },
      invitations: {
        idsOfPerson: () => Promise.resolve([other.id]),
        read: () => Promise.resolve({ invitation: other, etag: 'etag-2' }),
      },
      invitedUsers: { invitationsOf: () => Promise.resolve([]) },
      policy: { resolveAfterMs: 60_000 },
      now: () => '2026-03-02T09:00:00.000Z',
    };
    const verbs = makeDriveItemVerbs(parts as unknown as Parameters<typeof makeDriveItemVerbs>[0]);
    const seen = await verbs.lookUp(stored, { type: 'send', cause: 'first' } as Parameters<typeof verbs.lookUp>[1]);
    return seen.type === 'ready' ? seen.before : seen;
  }

  it('knows it for ours where another made it, also where nobody could look for its id', async () => {
    const ours = { known: true, permissionId: 'permission-1', isOurs: true };
    expect(await before({ ...lost, graph: PERMISSION.record })).toEqual(ours);
    expect(await before(lost)).toEqual(ours);
  });

  it.each([
    ['of another item', { request: aShareRequest({ target: '/drives/b!drive/items/02ITEM' }) }],
    ['that made another permission', { graph: { id: 'permission-2' } }],
    ['that is not known to have made one', { madePermission: undefined }],
    ['whose permission was taken back before', { removal: { status: 'removed', at: '2026-03-02T08:00:00.000Z' } }],
  ])('takes it for there before, whatever an invitation did %s', async (_what, changes) => {
    const other = { ...lost, ...changes } as Invitation;
    expect(await before(other)).toEqual({ known: true, permissionId: 'permission-1' });
  });
});

describe('a later mail for a share', () => {
  const resend = { type: 'send', number: 1, cause: 'resend' } as const;
  const lookUp = (invitation: Invitation, ...seen: Parameters<typeof verbsOver>) =>
    verbsOver(...seen).lookUp({ invitation } as Parameters<ReturnType<typeof verbsOver>['lookUp']>[0], resend);

  it('whose permission nobody knows looks whether there is one, because a person’s word for the first may have been wrong', async () => {
    const confirmed = omit(aPendingShare(), 'graph') as Invitation;
    expect(await lookUp(confirmed, PENDING)).toMatchObject({ type: 'ready', before: { known: false } });
    expect(await lookUp(confirmed, PENDING, PERMISSION)).toMatchObject({
      before: { known: true, permissionId: 'permission-1' },
    });
  });

  it('whose permission is known needs not look', async () => {
    const pending = aPendingShare({ graph: { id: 'permission-7' } });
    expect(await lookUp(pending, PENDING, PERMISSION)).toMatchObject({
      before: { known: true, permissionId: 'permission-7' },
    });
  });
});

describe('resolving a share whose answer was lost', () => {
  const resolve = (invitation: Invitation, ...seen: Parameters<typeof verbsOver>) =>
    verbsOver(...seen).resolve(invitation, aFirstSend());
  const graph = { ...PERMISSION.record, invitedUser: { id: 'user-1' } };

  it('tells of a permission that it is shared, not that its mail went out: after a failed mail it is there too', async () => {
    expect(await resolve(aQueuedShare(), MEMBER, PERMISSION)).toEqual({
      type: 'verdict',
      verdict: { found: 'shared', graph },
    });
  });

  it('tells that all is done where no mail was wanted', async () => {
    const invitation = aQueuedShare({ request: aShareRequest({ sendInvitation: false }) });
    expect(await resolve(invitation, PENDING, PERMISSION)).toEqual({
      type: 'verdict',
      verdict: { found: 'sent', graph, isRedeemed: false },
    });
  });

  it('tells of no permission that nothing was sent', async () => {
    expect(await resolve(aQueuedShare(), MEMBER)).toEqual({ type: 'verdict', verdict: { found: 'notSent' } });
  });
});

describe('checking who redeemed', () => {
  const inReview = aQueuedShare({ status: 'needsReview', graph: PERMISSION.record, madePermission: true });

  it('takes a member, and a guest who has accepted, for redeemed where a mail is known to have gone out', async () => {
    expect(await verbsOver(MEMBER, PERMISSION).check(aPendingShare())).toMatchObject({ type: 'redeemed' });
    const accepted = verbsOver(acceptedAt('2025-11-02T09:00:00Z'), PERMISSION);
    expect(await accepted.check(aPendingShare())).toMatchObject({ type: 'redeemed' });
  });

  it.each([
    ['a member', MEMBER, 'notRedeemed'],
    ['a guest who had accepted before', acceptedAt('2025-11-02T09:00:00Z'), 'notRedeemed'],
    ['a guest who has accepted since', acceptedAt('2026-03-02T10:00:00Z'), 'redeemed'],
    ['a guest who has still to accept', PENDING, 'notRedeemed'],
  ])('of a share that waits for somebody to look whether it was mailed: %s', async (_who, guest, type) => {
    expect(await verbsOver(guest, PERMISSION).check(inReview)).toMatchObject({ type, userId: 'user-1' });
  });

  it('leaves that to a person for a retried one too, whose mail failed each time', async () => {
    const unmailed = { ...inReview, fault: { code: 'notMailed', message: 'The mail failed.' } };
    expect((await verbsOver(MEMBER, PERMISSION).check(unmailed)).type).toBe('notRedeemed');
  });
});

describe('taking back a permission whose id nobody knows', () => {
  const lost = aQueuedShare({ status: 'revoked', madePermission: true });
  const attempt = { attemptId: 'removal-1', mayStillCall: () => true };
  const fault = { code: 'serviceDown', message: 'Graph is away.' };

  /** What comes of it, and which permissions were deleted. */
  async function removed(found: unknown, person: unknown = { type: 'found', guest: PENDING, graphNow: undefined }) {
    const deleted: string[] = [];
    const deletePermission = (_target: string, id: string) => {
      deleted.push(id);
      return Promise.resolve({ type: 'removed' });
    };
    const parts = {
      driveItem: { findPermission: () => Promise.resolve(found), deletePermission },
      guest: { findByAddress: () => Promise.resolve(person) },
      invitations: { idsOfPerson: () => Promise.resolve([]) },
    };
    const verbs = makeDriveItemVerbs(parts as unknown as Parameters<typeof makeDriveItemVerbs>[0]);
    return { removed: await verbs.remove(lost, attempt), deleted };
  }

  it('deletes the one that is the person’s', async () => {
    expect(await removed({ type: 'found', permission: PERMISSION })).toEqual({
      removed: { type: 'removed' },
      deleted: ['permission-1'],
    });
  });

  it.each([
    ['none is there', { type: 'found', permission: undefined }, { type: 'removed' }],
    ['too many are', { type: 'notSearched' }, { type: 'kept', reason: 'nothing tells which permission is theirs' }],
    ['Graph’s answer is lost: that was no try', { type: 'unknown', fault }, { type: 'later', fault }],
    ['Graph is busy', { type: 'later', fault, retryAfterMs: 5 }, { type: 'later', fault, retryAfterMs: 5 }],
  ])('deletes nothing where %s', async (_where, found, outcome) => {
    expect(await removed(found)).toMatchObject({ removed: outcome, deleted: [] });
  });

  it('waits where Graph does not tell who the person is', async () => {
    expect(await removed({}, { type: 'unknown', fault })).toMatchObject({ removed: { type: 'later' }, deleted: [] });
  });
});
