import { HOLDING_SETTINGS } from '../../support/holdCalls';
import { SHARING_SETTINGS, aShare, events, sharesOf } from '../../support/shares';
import { type WholeApp, errorOf, startWholeApp } from '../../support/wholeApp';

const ME = '/me/drive/items/01ABC';
const DAY = 24 * 3600_000;

let app: WholeApp;
const { share, permissionsOf, invitesOf } = sharesOf(() => app);
afterEach(async () => {
  expect(await app.fsck()).toMatch(/everything agrees\.\n$/);
  await app.stop();
});

describe('with GRAPH_PERMISSIONS=delegated', () => {
  beforeEach(async () => {
    app = await startWholeApp({
      ...SHARING_SETTINGS,
      ...HOLDING_SETTINGS,
      GRAPH_PERMISSIONS: 'delegated',
      INVITE_GUESTS_FIRST: 'false',
    });
    await app.graph.behave({ permissionType: 'delegated' });
  });

  it('shares items of the signed-in user, with strangers too, who have redeemed once the permission names them', async () => {
    const { id } = await share('stranger@fabrikam.com', { target: `${ME}/invite` });
    const pending = await app.until(id, 'pendingAcceptance');
    expect(pending).toMatchObject({ target: ME });
    expect(pending.graph).not.toHaveProperty('grantedTo');
    expect(await permissionsOf('stranger@fabrikam.com')).toMatchObject([{ itemPath: ME }]);
    expect(await app.graph.mailsTo('stranger@fabrikam.com')).toMatchObject([{ kind: 'driveItem', itemPath: ME }]);
    await app.jump(DAY + 1000);
    await app.jump(2 * DAY);
    await app.until(id, ({ sends }) => sends.length === 2);
    await app.graph.redeem('stranger@fabrikam.com');
    await app.jump(DAY + 1000);
    const accepted = await app.until(id, 'accepted');
    expect(events(accepted)).toEqual(['requested', 'sent', 'reminded', 'accepted']);
    expect(invitesOf('stranger@fabrikam.com')).toHaveLength(2);
  });

  it('reads from the permission alone that it is used, where no user has the address', async () => {
    const { id } = await share('renamed@fabrikam.com', { target: ME });
    await app.until(id, 'pendingAcceptance');
    await app.graph.redeem('renamed@fabrikam.com');
    // The directory does not show who redeemed; SharePoint does.
    await app.graph.behave({ directoryLagMs: 3_600_000 });
    await app.jump(DAY + 1000);
    const accepted = await app.until(id, 'accepted');
    expect(accepted.graph).toHaveProperty('grantedTo');
  });
});

describe('with application permission', () => {
  beforeEach(async () => {
    app = await startWholeApp({ ...SHARING_SETTINGS, ...HOLDING_SETTINGS, INVITE_GUESTS_FIRST: 'false' });
  });

  it('refuses paths below /me in a sentence that says what to use instead', async () => {
    const refused = await app.post(aShare('ann@fabrikam.com', { target: ME }));
    expect([refused.status, errorOf(refused).details]).toEqual([
      400,
      [
        {
          code: 'delegatedPermissionNeeded',
          target: 'target',
          message:
            'target: paths below /me need a signed-in user, and this app calls Microsoft Graph with application ' +
            'permission (GRAPH_PERMISSIONS). Name the same item as /drives/{drive id}/items/{item id}.',
        },
      ],
    ]);
  });

  it('fails with Graph’s reason for a stranger whom nobody invites first', async () => {
    const { id } = await share('stranger@fabrikam.com');
    const failed = await app.until(id, 'failed');
    expect(failed.fault).toMatchObject({
      code: 'invalidRequest',
      message: 'The recipient is not a user of the directory.',
    });
    expect([app.graph.invitationsFor('stranger@fabrikam.com'), await permissionsOf('stranger@fabrikam.com')]).toEqual([
      [],
      [],
    ]);
  });
});
