/** Addresses of nobody, the same for the same seed; `group` keeps the runs on one directory apart. */
export const peopleOf = (seed: number, group: string, count: number): string[] =>
  Array.from({ length: count }, (_, nth) => `${group}.${nth}.${seed}@fabrikam.com`);

export const requestFor = (email: string) => ({
  invitedUserEmailAddress: email,
  inviteRedirectUrl: 'https://myapp.contoso.com',
  sendInvitationMessage: true,
});
