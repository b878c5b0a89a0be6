import { stringifyExactly } from '../../shared/domain/exactJson';
import type { Status } from '../../shared/domain/invitation';
import type { Acted } from '../api/invitations';
import { personOf } from '../api/shownInvitation';
import { EXIT, type ExitCode } from '../cliFault';
import { inParallel } from '../inParallel';
import { table } from '../screen/table';
import type { Session } from '../session';
import { invitationsOf, isId } from './findInvitation';

/** What a person may decide about invitations that are there. */
export interface Action {
  command: string;
  /** The last part of the route. */
  route: string;
  says: string;
  /** Where a person is named by address: which of their invitations can be meant. */
  of: readonly Status[];
  takesComment?: true;
}

const OPEN: readonly Status[] = ['awaitingApproval', 'scheduled', 'queued', 'pendingAcceptance'];

export const ACTIONS: readonly Action[] = [
  { command: 'resend', route: 'resend', says: 'mail an invitation once more', of: ['pendingAcceptance'] },
  { command: 'revoke', route: 'revoke', says: 'take an invitation back: no more mails', of: [...OPEN, 'needsReview'] },
  {
    command: 'approve',
    route: 'approve',
    says: 'let an invitation go out that waits for approval',
    of: ['awaitingApproval'],
    takesComment: true,
  },
  {
    command: 'reject',
    route: 'reject',
    says: 'refuse an invitation that waits for approval',
    of: ['awaitingApproval'],
    takesComment: true,
  },
  {
    command: 'retry',
    route: 'retry',
    says: 'send an invitation again that failed or needs review',
    of: ['failed', 'needsReview'],
  },
  {
    command: 'confirm-sent',
    route: 'confirmSent',
    says: 'say that the mail of one that needs review did arrive',
    of: ['needsReview'],
  },
];

interface Done {
  target: string;
  acted: Acted;
}

/** Several at once, each by id or address; one that is refused does not stop the others. */
export async function act(
  session: Session,
  action: Action,
  targets: string[],
  { comment }: { comment?: string },
): Promise<ExitCode> {
  targets.forEach(isId);
  const done = new Map<string, Done>();
  const body = comment === undefined ? undefined : { comment };
  try {
    await inParallel([...new Set(targets)], 4, async (target) => {
      done.set(target, { target, acted: await actOnOne(session, action, target, body) });
    });
  } finally {
    report(
      session,
      targets.flatMap((target) => done.get(target) ?? []),
    );
  }
  return [...done.values()].every(({ acted }) => acted.ok) ? EXIT.ok : EXIT.someFailed;
}

async function actOnOne(session: Session, action: Action, target: string, body: object | undefined): Promise<Acted> {
  const id = isId(target) ? target.toLowerCase() : await idOf(session, action, target);
  return typeof id === 'string' ? session.invitations.act(id, action.route, body) : id;
}

const MOST_OF_A_PERSON = 100;

/** The one invitation of a person that can be meant; else why there is none. */
async function idOf({ invitations }: Session, { command, of }: Action, address: string): Promise<string | Acted> {
  const all = await invitationsOf(invitations, address, MOST_OF_A_PERSON);
  const [meant, ...others] = all.filter(({ shown }) => of.includes(shown.status));
  if (meant && others.length === 0) return meant.shown.id;
  const refuse = (code: string, message: string): Acted => ({ ok: false, error: { code, message } });
  if (meant) {
    const ids = [meant, ...others].map(({ shown }) => shown.id).join(', ');
    return refuse('ambiguous', `Several invitations can be meant: name one by its id, of ${ids}.`);
  }
  const are = [...new Set(all.map(({ shown }) => shown.status))].join(', ');
  return all.length === 0
    ? refuse('notFound', 'There is no invitation of this person that this caller may see.')
    : refuse('wrongStatus', `${command} is for ${of.join(', ')}; what there is of this person is ${are}.`);
}

function report({ terminal, isJson }: Session, done: Done[]): void {
  if (done.length === 0) return;
  if (isJson) done.forEach((each) => terminal.print(stringifyExactly(jsonOf(each))));
  else
    terminal.print(
      table([{ name: 'invitation' }, { name: 'status' }, { name: 'why' }], done.map(rowOf), terminal.look),
    );
}

const rowOf = ({ target, acted }: Done): string[] =>
  acted.ok
    ? [target.includes('@') ? target : personOf(acted.invitation.shown), acted.invitation.shown.status, '']
    : [target, 'refused', acted.error.message];

const jsonOf = ({ target, acted }: Done): object =>
  acted.ok ? { target, ok: true, invitation: acted.invitation.raw } : { target, ok: false, error: acted.error };
