import fc from 'fast-check';
import { ITEM_PATHS, needsSignedInUser, normalItemPath } from '../../../../shared/domain/itemPath';
import { type RequestRules, parseRequest } from '../../../../shared/domain/parseRequest';
import { askedFor, rules } from '../../../support/requests';

/** The 19 paths of the reference page, as they stand there. */
const PAGE = [
  '/me/drive/root/invite',
  '/drives/{drivesId}/root/invite',
  '/shares/{sharesId}/root/invite',
  '/workbooks/{workbooksId}/invite',
  '/shares/{sharesId}/driveItem/invite',
  '/me/drive/items/{driveItemId}/invite',
  '/me/drive/special/{driveItemId}/invite',
  '/me/drive/following/{driveItemId}/invite',
  '/drives/{drivesId}/items/{driveItemId}/invite',
  '/shares/{sharesId}/items/{driveItemId}/invite',
  '/drives/{drivesId}/special/{driveItemId}/invite',
  '/drives/{drivesId}/following/{driveItemId}/invite',
  '/workbooks/{workbooksId}/children/{driveItemId}/invite',
  '/me/drive/following/{driveItemId}/listItem/driveItem/invite',
  '/me/drive/following/{driveItemId}/children/{driveItemId}/invite',
  '/me/followedSites/{siteId}/items/{baseItemId}/microsoft.graph.sharedDriveItem/root/invite',
  '/me/followedSites/{siteId}/items/{baseItemId}/microsoft.graph.sharedDriveItem/driveItem/invite',
  '/me/followedSites/{siteId}/items/{baseItemId}/microsoft.graph.sharedDriveItem/items/{driveItemId}/invite',
  '/me/drive/following/{driveItemId}/analytics/itemActivityStats/{itemActivityStatId}/activities/{itemActivityId}/driveItem/invite',
];

/** Ids as Graph gives them. */
const IDS: Record<string, string> = {
  '{drivesId}': 'b!t18F8ybsHUq1z3LTz8xvZqP8zaSWjkFNhsME-Fepo75dTf9vQKfeRblBZjoSQrd7',
  '{sharesId}': 'u!aHR0cHM6Ly9vbmVkcml2ZS5saXZlLmNvbS9yZWRpcj9yZXNpZD0xMjM',
  '{workbooksId}': '01CYZLFJGUJ7JHBSZDFZFL25KSZGQTVAUN',
  '{driveItemId}': '0123456789ABCDEF!104',
  '{siteId}': 'contoso.sharepoint.com,2c712604-1370-44e7-a1f5-426573fda80a,2d2244c3-251a-49ea-93a8-39e1c3a060fe',
  '{baseItemId}': '4',
  '{itemActivityStatId}': '2016-04-11',
  '{itemActivityId}': 'QWN0aXZpdHlJZA==',
};

const withIds = (path: string): string => path.replace(/\{\w+\}/g, (name) => IDS[name] ?? name);

/** What a path becomes: commas and equals signs are encoded in Graph's URLs. */
const inNormalForm = (path: string): string =>
  withIds(path)
    .replace(/\/invite$/, '')
    .replaceAll(',', '%2C')
    .replaceAll('=', '%3D');

const share = (target: unknown) => ({
  kind: 'driveItem',
  target,
  roles: ['read'],
  recipients: [{ email: 'ada@fabrikam.com' }],
});

const ruled = (graphPermissions: RequestRules['graphPermissions']): RequestRules =>
  rules({ graphPermissions, inviteRedirectUrl: 'https://myapp.contoso.com' });

const targetOf = (target: string, permissions: RequestRules['graphPermissions'] = 'application'): unknown =>
  Reflect.get(askedFor(share(target), ruled(permissions)).request, 'target');

const faultsOf = (target: unknown, permissions: RequestRules['graphPermissions'] = 'application') => {
  const parsed = parseRequest(share(target), ruled(permissions));
  return parsed.ok ? [] : parsed.faults;
};

const NEEDS_DELEGATED = {
  code: 'delegatedPermissionNeeded',
  target: 'target',
  message:
    'target: paths below /me need a signed-in user, and this app calls Microsoft Graph with application permission ' +
    '(GRAPH_PERMISSIONS). Name the same item as /drives/{drive id}/items/{item id}.',
};

const NO_PATH =
  'target must be one of the paths of a driveItem, such as /drives/{id}/items/{id} or /shares/{id}/driveItem.';
const NO_ID = 'target holds an id with characters that ids of Microsoft Graph do not have.';

describe('the 19 paths of the page', () => {
  it('are those that are known, and no other', () => {
    expect(ITEM_PATHS.map((path) => `${path}/invite`)).toEqual(PAGE.map((path) => path.replace(/\{\w+\}/g, '*')));
  });

  const cases = PAGE.flatMap((path) => [
    { path, permissions: 'application' as const, is: path.startsWith('/me/') ? 'refused' : 'understood' },
    { path, permissions: 'delegated' as const, is: 'understood' },
  ]);

  it.each(cases)('$path with $permissions permission is $is', ({ path, permissions, is }) => {
    const asked = withIds(path);
    for (const target of [asked, asked.replace(/\/invite$/, '')]) {
      if (is === 'refused') expect(faultsOf(target, permissions)).toEqual([NEEDS_DELEGATED]);
      else expect(targetOf(target, permissions)).toBe(inNormalForm(path));
    }
  });

  it.each(PAGE)('%s names the same with ids that are encoded already', (path) => {
    const encoded = path
      .replace(/\/invite$/, '')
      .replace(/\{\w+\}/g, (name) => encodeURIComponent(IDS[name] ?? '').replaceAll('!', '%21'));
    expect(targetOf(encoded, 'delegated')).toBe(inNormalForm(path));
  });

  it.each(PAGE)('%s stays what it is when it is read once more', (path) => {
    const once = normalItemPath(withIds(path));
    expect(once.ok && normalItemPath(once.path)).toEqual(once);
  });
});

describe('what is no such path', () => {
  it.each([
    '',
    '/',
    '/invite',
    'drives/d/root',
    '//drives/d/root',
    '/drives/d/root/',
    '/drives/d/root//invite',
    '/drives/d/root/invite/',
    '/drives/d/root/invite/invite',
    '/drives/d/root/children/c',
    '/drives/d/root:/Documents/plan.docx:',
    '/drives/d/items',
    '/drives/d/items/i/permissions',
    '/drives/d/items/i/createLink',
    '/drives/d',
    '/me',
    '/me/drive',
    '/me/messages',
    '/users/u/drive/root',
    '/sites/s/drive/root',
    '/Drives/d/root',
    '/drives/d/ROOT',
    '/ME/drive/root',
    '/drives/d/root/Invite',
    '/v1.0/drives/d/root',
    'https://graph.microsoft.com/v1.0/drives/d/root',
    '/drives/d/../../users/u',
    '/drives/d/items/i/../../root',
    '\\drives\\d\\root',
    '/drives\\d\\root',
    '/drives/d/root?$expand=children',
    '/drives/d/root#top',
    ' /drives/d/root',
    '/drives/d/root ',
    '/drives/d/root\n',
    '/drives/d/%72oot',
    '/me/drive/following/f/analytics/itemActivityStats/s/activities/driveItem',
  ])('%j is refused', (target) => {
    expect(faultsOf(target, 'delegated')).toEqual([{ code: 'invalidValue', target: 'target', message: NO_PATH }]);
  });

  it.each([
    ['nothing', ''],
    ['a dot', '.'],
    ['two dots', '..'],
    ['two dots, encoded', '%2e%2e'],
    ['a hidden file', '.git'],
    ['a slash, encoded', 'a%2Fb'],
    ['a slash, encoded twice', 'a%252Fb'],
    ['a backslash', 'a\\b'],
    ['a backslash, encoded', 'a%5Cb'],
    ['a question mark, encoded', 'a%3Fb'],
    ['a query', 'a?b=c'],
    ['a fragment', 'a#b'],
    ['a percent sign alone', 'a%'],
    ['half of a letter', '%E0%A4%A'],
    ['a zero byte', 'a%00'],
    ['a line end', 'a%0d%0aHost:x'],
    ['a space', 'a b'],
    ['a colon', 'root:'],
    ['an at sign', 'a@b'],
    ['parentheses, as a function has', "delta(token='x')"],
    ['an OData system word', '$ref'],
    ['a letter outside ASCII', 'ä'],
    ['a dot of full width', '．．'],
    ['301 characters', 'a'.repeat(301)],
    ['a megabyte', 'a'.repeat(1_000_000)],
  ])('an id that is %s is refused', (_what, id) => {
    for (const target of [`/drives/${id}/root`, `/drives/d/items/${id}/invite`]) {
      const [fault, ...others] = faultsOf(target);
      expect(others).toEqual([]);
      expect([NO_ID, NO_PATH]).toContain(fault?.message);
    }
  });

  it('has ids of 300 characters at most', () => {
    expect(targetOf(`/drives/${'a'.repeat(300)}/root`)).toHaveLength(313);
  });

  it.each([[7], [null], [['/drives/d/root']], [{}]])('%j is no text', (target) => {
    const [fault] = faultsOf(target);
    expect(fault).toMatchObject({ code: 'invalidValue', target: 'target' });
    expect(fault?.message).toMatch(/expected string/);
  });

  it('is required', () => {
    expect(faultsOf(undefined)).toEqual([{ code: 'required', target: 'target', message: 'target is required.' }]);
  });

  it('never becomes anything but one of the 19 in Graph, whatever is put together', () => {
    const known = ITEM_PATHS.map((path) => path.replaceAll('.', '\\.').replaceAll('*', '[^/?#]+')).join('|');
    const pieces = ['/', '/d', '/items', '/root', 'me', '..', '%2F', '%2e', '.', '/invite', '?', '#', '\\', '%', '$x'];
    const text = fc
      .tuple(fc.constantFrom('/me/drive', '/drives', '/shares'), fc.array(fc.constantFrom(...pieces), { maxLength: 5 }))
      .map(([root, rest]) => root + rest.join(''));
    let understood = 0;
    fc.assert(
      fc.property(text, (asked) => {
        const path = normalItemPath(asked);
        if (!path.ok) return;
        understood += 1;
        expect(path.path).toMatch(new RegExp(`^(${known})$`));
        expect(new URL(`https://graph.example/v1.0${path.path}`).pathname).toBe(`/v1.0${path.path}`);
      }),
      { numRuns: 5_000, seed: 1 },
    );
    expect(understood).toBeGreaterThan(50);
  });
});

it('knows which paths need a signed-in user', () => {
  expect(needsSignedInUser('/me/drive/root')).toBe(true);
  expect(needsSignedInUser('/drives/me/root')).toBe(false);
});
