import type { Limit } from '../../shared/domain/request';
import type { CallGraph } from '../../shared/graph/callGraph';
import { makeDriveItem } from '../../shared/graph/driveItem';
import { makeGuest } from '../../shared/graph/guest';
import { makeLinkedIn } from '../../shared/graph/linkedIn';
import type { AdvanceParts } from '../../shared/workflow/intent';
import { makeKinds } from '../../shared/workflow/kinds/kinds';

type Given = Omit<AdvanceParts, 'kinds' | 'guest' | 'linkedIn'>;

/** The parts of advanceInvitation over whatever stands for Graph. */
export function advanceParts(given: Given, callGraph: CallGraph): AdvanceParts {
  const adapters = {
    guest: makeGuest(callGraph),
    driveItem: makeDriveItem(callGraph),
    linkedIn: makeLinkedIn(callGraph, {
      add: { version: 'beta', path: '/linkedIn/invitations' },
      update: { version: 'v1.0', path: '/linkedIn/invitations' },
    }),
  };
  return { ...given, ...adapters, kinds: makeKinds({ ...given, ...adapters }) };
}

/** One gate for all that Graph limits. */
export const everyGate = <T>(gate: T): Record<Limit, T> => ({
  invitations: gate,
  shares: gate,
  mailedShares: gate,
  linkedIn: gate,
});
