import { createDirectory, type DirectoryUser } from '../../../../local/graph/directory';

const ann: DirectoryUser = {
  id: 'ann',
  mail: 'Ann@fabrikam.com',
  otherMails: ['ann@home.net'],
  userPrincipalName: 'ann_fabrikam.com#EXT#@contoso.onmicrosoft.com',
  displayName: 'Ann',
  userType: 'Guest',
  creationType: 'Invitation',
  createdDateTime: '2026-01-01T00:00:00Z',
  externalUserState: 'PendingAcceptance',
  externalUserStateChangeDateTime: '2026-01-01T00:00:00Z',
};

function atTime() {
  const clock = { ms: 1000 };
  return { clock, directory: createDirectory(() => clock.ms) };
}

describe('createDirectory', () => {
  it('tells what a user was at any instant', () => {
    const { clock, directory } = atTime();
    directory.put(ann);
    clock.ms = 2000;
    directory.put({ ...ann, externalUserState: 'Accepted' });
    clock.ms = 3000;
    directory.remove('ann');

    const states = [999, 1000, 1999, 2000, 2999, 3000].map((ms) => directory.findAsOf('ann', ms)?.externalUserState);
    expect(states).toEqual([undefined, 'PendingAcceptance', 'PendingAcceptance', 'Accepted', 'Accepted', undefined]);
    expect(directory.find('ann')).toBeUndefined();
  });

  it('finds a user by mail and other mail whatever the case, and not by the principal name', () => {
    const { directory } = atTime();
    directory.put(ann);
    expect(directory.findByMail('ANN@FABRIKAM.COM')?.id).toBe('ann');
    expect(directory.findByMail('ann@HOME.net')?.id).toBe('ann');
    expect(directory.findByMail(ann.userPrincipalName)).toBeUndefined();
    expect([...directory.idsByAddress(ann.userPrincipalName)]).toEqual(['ann']);
  });

  it('no longer finds a user by an address that they gave up', () => {
    const { directory } = atTime();
    directory.put(ann);
    directory.put({ ...ann, mail: 'ann@new.net', otherMails: [] });
    expect(directory.findByMail('ann@fabrikam.com')).toBeUndefined();
    expect(directory.findByMail('ann@new.net')?.id).toBe('ann');
  });

  it('finds who has an address now, though somebody deleted had it before', () => {
    const { directory } = atTime();
    directory.put(ann);
    directory.remove('ann');
    directory.put({ ...ann, id: 'second' });
    expect(directory.findByMail('ann@fabrikam.com')?.id).toBe('second');
  });

  it('still shows, an hour and many changes later, what was there an hour ago', () => {
    const { clock, directory } = atTime();
    for (let minute = 0; minute < 180; minute += 1) {
      clock.ms = minute * 60_000;
      directory.put({ ...ann, displayName: `minute ${minute}` });
    }
    expect(directory.findAsOf('ann', 119 * 60_000)?.displayName).toBe('minute 119');
    // Older than any lag may be: forgotten, so that memory stays bounded.
    expect(directory.findAsOf('ann', 60_000)).toBeUndefined();
  });

  it('keeps users in the order they were added, each once', () => {
    const { directory } = atTime();
    directory.put(ann);
    directory.put({ ...ann, id: 'bob' });
    directory.put({ ...ann, displayName: 'changed' });
    expect([directory.size, directory.idAt(0), directory.idAt(1), directory.idAt(2)]).toEqual([
      2,
      'ann',
      'bob',
      undefined,
    ]);
  });
});
