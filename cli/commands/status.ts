import { stringifyExactly } from '../../shared/domain/exactJson';
import type { GivenInvitation } from '../api/shownInvitation';
import { CliFault, EXIT, type ExitCode } from '../cliFault';
import { invitationDetails, invitationList } from '../screen/invitationView';
import type { Session } from '../session';
import { invitationsOf, isId } from './findInvitation';

const MOST = 1000;

/** `b2b-invite status`: one invitation with its history, or all of a person's. */
export async function status(session: Session, idOrAddress: string): Promise<ExitCode> {
  const { terminal, isJson } = session;
  const found = await find(session, idOrAddress);
  if (isJson) found.forEach(({ raw }) => terminal.print(stringifyExactly(raw)));
  else terminal.print(view(found, session));
  return EXIT.ok;
}

async function find({ invitations }: Session, idOrAddress: string): Promise<GivenInvitation[]> {
  if (isId(idOrAddress)) {
    const invitation = await invitations.get(idOrAddress.toLowerCase());
    if (!invitation)
      throw new CliFault(EXIT.someFailed, `There is no invitation ${idOrAddress} that this caller may see.`);
    return [invitation];
  }
  const found = await invitationsOf(invitations, idOrAddress, MOST);
  const [only, ...others] = found;
  if (!only) throw new CliFault(EXIT.someFailed, `${idOrAddress} has no invitation that this caller may see.`);
  // A list leaves the history out.
  return others.length > 0 ? found : [(await invitations.get(only.shown.id)) ?? only];
}

function view(found: GivenInvitation[], { terminal: { look } }: Session): string {
  const shown = found.map((each) => each.shown);
  const [only] = shown;
  return shown.length === 1 && only ? invitationDetails(only, look) : invitationList(shown, look);
}
