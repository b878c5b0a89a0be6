import { failure, type Answer } from './answers';
import { usersOf, type DirectoryUser } from './directory';
import type { DriveRecipient } from './driveItemRequest';
import type { Simulation } from './simulation';

/** Somebody to share with: a user of the directory, or just an address. */
export interface Sharee {
  user: DirectoryUser | undefined;
  email: string | null;
}

/**
 * Who the recipients are, each once; or how SharePoint refuses the first that it can't share with.
 *
 * An objectId goes before an email, and that before an alias. Strangers can be shared with by delegated permission only;
 * how they are refused otherwise, and users younger than `behaviour.sharePointLagMs`, is undocumented and so a matter of
 * `behaviour.sharingRefusals`.
 */
export function resolveRecipients(
  simulation: Simulation,
  recipients: readonly DriveRecipient[],
): { type: 'resolved'; sharees: Sharee[] } | { type: 'refused'; answer: Answer } {
  const sharees = new Map<string, Sharee>();
  for (const recipient of recipients) {
    const user = findUser(simulation, recipient);
    const answer = refusal(simulation, recipient, user);
    if (answer) return { type: 'refused', answer };
    const email = recipient.email ?? user?.mail ?? null;
    sharees.set(user?.id ?? email?.toLowerCase() ?? '', { user, email });
  }
  return { type: 'resolved', sharees: [...sharees.values()] };
}

function findUser({ directory }: Simulation, recipient: DriveRecipient): DirectoryUser | undefined {
  const { objectId, email, alias } = recipient;
  if (objectId) return directory.find(objectId.toLowerCase());
  if (email) return directory.findByMail(email);
  return usersOf(directory).find(({ mail, userPrincipalName }) =>
    [mail, userPrincipalName].some((address) => address?.split('@')[0]?.toLowerCase() === alias?.toLowerCase()),
  );
}

function refusal(
  { behaviour, directory, now }: Simulation,
  { objectId, email }: DriveRecipient,
  user: DirectoryUser | undefined,
): Answer | undefined {
  const { permissionType, sharePointLagMs, sharingRefusals } = behaviour;
  if (user) {
    const isKnown = directory.findAsOf(user.id, now() - sharePointLagMs) !== undefined;
    return isKnown ? undefined : toAnswer(sharingRefusals.unknownGuest);
  }
  if (objectId || !email) return unresolved();
  return permissionType === 'delegated' ? undefined : toAnswer(sharingRefusals.stranger);
}

/** As reported in https://github.com/OneDrive/onedrive-api-docs/issues/1497; the code is in no document. */
const unresolved = () => failure(400, 'noResolvedUsers', 'One or more users could not be resolved.');

const toAnswer = ({ status, code, message }: { status: number; code: string; message: string }) =>
  failure(status, code, message);
