import { faultOf, matching, permissionOf, useSimulator } from './simulated';

/** As the page writes them after `POST`, without `/invite`. */
const PATHS = [
  '/me/drive/root',
  '/drives/{drivesId}/root',
  '/shares/{sharesId}/root',
  '/workbooks/{workbooksId}',
  '/shares/{sharesId}/driveItem',
  '/me/drive/items/{driveItemId}',
  '/me/drive/special/{driveItemId}',
  '/me/drive/following/{driveItemId}',
  '/drives/{drivesId}/items/{driveItemId}',
  '/shares/{sharesId}/items/{driveItemId}',
  '/drives/{drivesId}/special/{driveItemId}',
  '/drives/{drivesId}/following/{driveItemId}',
  '/workbooks/{workbooksId}/children/{driveItemId}',
  '/me/drive/following/{driveItemId}/listItem/driveItem',
  '/me/drive/following/{driveItemId}/children/{driveItemId}',
  '/me/followedSites/{siteId}/items/{baseItemId}/microsoft.graph.sharedDriveItem/root',
  '/me/followedSites/{siteId}/items/{baseItemId}/microsoft.graph.sharedDriveItem/driveItem',
  '/me/followedSites/{siteId}/items/{baseItemId}/microsoft.graph.sharedDriveItem/items/{driveItemId}',
  '/me/drive/following/{driveItemId}/analytics/itemActivityStats/{itemActivityStatId}/activities/{itemActivityId}/driveItem',
];
const withIds = (path: string) => path.replace(/\{(\w+)\}/g, 'b!$1-1');

describe('the paths of a driveItem in the Graph simulator', () => {
  const graph = useSimulator();
  const body = { recipients: [{ email: 'ann@fabrikam.com' }], roles: ['read'] };
  beforeEach(() => graph.addUser('ann@fabrikam.com', 'Accepted'));

  it('are 19', () => expect(new Set(PATHS).size).toBe(19));

  it.each(PATHS)('share, list, show and delete with delegated permission: %s', async (path) => {
    await graph.behave({ permissionType: 'delegated' });
    for (const version of ['/v1.0', '/beta']) {
      const item = `${version}${withIds(path)}`;
      const shared = await graph.call('POST', `${item}/invite`, body);
      expect(shared.status).toBe(200);
      const { id } = permissionOf(shared);
      expect((await graph.call('GET', `${item}/permissions`)).body['value']).toMatchObject([{ id }]);
      expect(await graph.call('GET', `${item}/permissions/${id}`)).toMatchObject({ status: 200, body: { id } });
      expect((await graph.call('DELETE', `${item}/permissions/${id}`)).status).toBe(204);
      expect((await graph.call('GET', `${item}/permissions`)).body['value']).toEqual([]);
    }
  });

  it.each(PATHS)('want a signed-in user for /me, and an application for none: %s', async (path) => {
    for (const [method, suffix] of [
      ['POST', '/invite'],
      ['GET', '/permissions'],
      ['GET', '/permissions/1'],
      ['DELETE', '/permissions/1'],
    ] as const) {
      const answer = await graph.call(method, `/v1.0${withIds(path)}${suffix}`, method === 'POST' ? body : undefined);
      if (path.startsWith('/me/')) {
        expect(faultOf(answer)).toEqual([
          400,
          'BadRequest',
          '/me request is only valid with delegated authentication flow.',
        ]);
      } else expect(answer.status).toBe(suffix.endsWith('/1') ? 404 : 200);
    }
  });

  it.each([
    '/drives/1/items/2/children/3',
    '/drives//items/2',
    '/drives/1/items/',
    '/me/drive/items/1/listItem/driveItem',
    '/me/followedSites/1/items/2/microsoftXgraphXsharedDriveItem/root',
    '/drives/1/root/items/2',
    '/workbooks',
  ])('are no others: %s', async (path) => {
    await graph.behave({ permissionType: 'delegated' });
    const answer = await graph.call('POST', `/v1.0${path}/invite`, body);
    expect(faultOf(answer)).toEqual([400, 'BadRequest', matching(/^Resource not found for the segment/)]);
  });

  it('name the same item however its ids are escaped, and keep a slash that belongs to an id in it', async () => {
    await graph.call('POST', '/v1.0/workbooks/b%21x/invite', body);
    expect(await graph.permissions('/workbooks/b!x')).toHaveLength(1);

    await graph.call('POST', '/v1.0/workbooks/a%2Fchildren%2Fb/invite', body);
    expect(await graph.permissions('/workbooks/a/children/b')).toEqual([]);
    expect(await graph.permissions('/workbooks/a%2fchildren%2fb')).toHaveLength(1);
  });

  it('keep the permissions of each item apart', async () => {
    const { id } = permissionOf(await graph.share(body, '/shares/1/items/1'));
    expect(await graph.permissions('/shares/1/items/2')).toEqual([]);
    for (const method of ['GET', 'DELETE']) {
      const answer = await graph.call(method, `/v1.0/shares/1/items/2/permissions/${id}`);
      expect(faultOf(answer)).toEqual([404, 'itemNotFound', 'The resource could not be found.']);
    }
    expect(await graph.permissions('/shares/1/items/1')).toHaveLength(1);
  });

  it('lead to nothing where behaviour says that there is no item', async () => {
    await graph.behave({ missingItems: ['/shares/1/items/1'] });
    expect(faultOf(await graph.share(body, '/shares/1/items/1')).slice(0, 2)).toEqual([404, 'itemNotFound']);
    expect((await graph.share(body, '/shares/1/items/2')).status).toBe(200);
  });

  it.each([
    ['POST', '/permissions'],
    ['GET', '/invite'],
    ['PUT', '/permissions/1'],
  ])('take no %s of %s', async (method, suffix) => {
    expect((await graph.call(method, `/v1.0/drives/1/root${suffix}`)).status).toBe(405);
  });
});
