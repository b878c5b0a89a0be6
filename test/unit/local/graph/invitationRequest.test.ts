import { isInvitable } from '../../../../local/graph/invitationRequest';

describe('isInvitable', () => {
  it.each(['a@x.com', 'first.last@x.com', 'first-last@x.co.uk', '_a_@x.com', "o'hara@x.com", 'å@x.com'])(
    'lets %s in',
    (address) => {
      expect(isInvitable(address)).toBe(true);
    },
  );

  it.each('~!#$%^&*()+=[]{}\\/|;:"<>?, '.split(''))('refuses an address with %p', (character) => {
    expect(isInvitable(`a${character}b@x.com`)).toBe(false);
  });

  it.each([
    '',
    'a',
    '@x.com',
    'a@',
    'a@x',
    'a@b@x.com',
    '.a@x.com',
    'a.@x.com',
    '-a@x.com',
    'a-@x.com',
    'a@x..com',
    'a@-x.com',
  ])('refuses %p', (address) => {
    expect(isInvitable(address)).toBe(false);
  });
});
