/** Bodies of requests for people whom nobody else in this run invites: the same for the same seed. */
export const peopleOf = (seed: number, group: string, count: number): { invitedUserEmailAddress: string }[] =>
  Array.from({ length: count }, (_, nth) => ({ invitedUserEmailAddress: `${group}.${nth}.${seed}@fabrikam.com` }));
