import { type Change, entry } from './history';
import { type Fault, type GroupMembership, type Invitation, WORKFLOW } from './invitation';
import type { GroupOutcome } from './outcome';
import { groupIdsOf } from './request';
import type { Instant } from './time';

/** A group that the guest can't be put into for now is given up after this many tries: some hours of them. */
const MAX_GROUP_TRIES = 30;

/** The groups of a guest who has accepted: those of the request, of which some may be joined since an earlier time. */
export function groupsToJoin({ request, groups }: Invitation): Pick<Invitation, 'groups'> {
  const asked = groupIdsOf(request);
  if (!asked) return {};
  return {
    groups: asked.map(
      (id) => groups?.find((group) => group.id === id && group.status === 'joined') ?? { id, status: 'due', tries: 0 },
    ),
  };
}

/** What became of one group. Undefined where the invitation is not accepted any more, or the group is done. */
export function applyGroupOutcome(invitation: Invitation, outcome: GroupOutcome, now: Instant): Change | undefined {
  const { groupId } = outcome;
  const groups = invitation.groups ?? [];
  const group = groups.find(({ id }) => id === groupId);
  if (invitation.status !== 'accepted' || group?.status !== 'due') return undefined;
  const becomes = (next: GroupMembership): Invitation => ({
    ...invitation,
    groups: groups.map((each) => (each.id === groupId ? next : each)),
  });
  const failed = ({ code }: Fault): Change => ({
    invitation: becomes({ id: groupId, status: 'failed', code }),
    history: [entry(now, 'groupFailed', WORKFLOW, `${groupId}: ${code}`)],
  });
  switch (outcome.type) {
    case 'groupJoined':
      return {
        invitation: becomes({ id: groupId, status: 'joined', at: now }),
        history: [entry(now, 'groupJoined', WORKFLOW, groupId)],
      };
    case 'groupFailed':
      return failed(outcome.fault);
    case 'groupLater': {
      const tries = outcome.waited ? group.tries : group.tries + 1;
      if (tries >= MAX_GROUP_TRIES) return failed(outcome.fault);
      return { invitation: becomes({ ...group, tries, retryAt: outcome.retryAt }), history: [] };
    }
  }
}
