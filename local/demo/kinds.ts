import { setTimeout as sleep } from 'node:timers/promises';
import { phaseOf } from '../../shared/domain/invitation';
import type { InvitationApi, ShownInvitation } from './invitationApi';
import type { Mail, SimulatorControl } from './simulatorControl';

/** One invitation of another kind or dialect than the file's, and what must come of it. */
export interface KindLine {
  /** The reference page of Graph that it follows. */
  page: string;
  what: string;
  body: object;
  status: 'accepted' | 'expired';
  mails: number;
  /** Whoever has to press Accept. */
  accepts?: string;
  /** What Graph is told of once the invitation is out. */
  patch?: object;
  /** What the history must tell. */
  shows?: string;
  why: string;
}

const FOLDER = '/drives/b!4cBq8fX0/items/01NKDM7HMOJTVYMDOSXF';

const LINKEDIN = {
  kind: 'linkedIn',
  created: 1767225600000,
  lastModified: 1767225600000,
  inviter: 'urn:li:person:inviter',
  invitee: 'urn:li:person:invitee',
  message: { invitationTemplateID: 'welcome', invitationMessage: { body: 'Let us stay in touch.' } },
  trackingId: 'demo-1',
};

export const MEMBER = 'debra.berger@contoso.com';

export const KIND_LINES: KindLine[] = [
  {
    page: 'B  invitation, beta',
    what: 'a guest, in the beta dialect',
    body: {
      graphVersion: 'beta',
      '@odata.type': '#Microsoft.AADInviteMgr.invitation',
      invitedUserEmailAddress: 'allan.deyoung@humongousinsurance.com',
      InvitedUserMessageInfo: {
        '@odata.type': 'Microsoft.AADInviteMgr.invitedUserMessageInfo',
        messageLanguage: 'en-US',
      },
    },
    status: 'accepted',
    mails: 1,
    accepts: 'allan.deyoung@humongousinsurance.com',
    why: 'Accepted after the mail.',
  },
  {
    page: 'C  driveItem invite',
    what: 'a folder, for a stranger',
    body: {
      kind: 'driveItem',
      target: FOLDER,
      roles: ['read'],
      message: 'The drawings.',
      recipients: [{ email: 'carla.diaz@bellowscollege.com' }],
    },
    status: 'accepted',
    mails: 1,
    accepts: 'carla.diaz@bellowscollege.com',
    shows: 'waitsForGuest',
    why: 'Made a guest first, without mail; then shared, mailed and accepted.',
  },
  {
    page: 'C  driveItem invite',
    what: 'the same folder, for a colleague',
    body: { kind: 'driveItem', target: FOLDER, roles: ['write'], recipients: [{ email: MEMBER }] },
    status: 'accepted',
    mails: 1,
    why: 'A member needs to accept nothing.',
  },
  {
    page: 'D  add LinkedIn, E  update',
    what: 'a LinkedIn invitation, changed later',
    body: LINKEDIN,
    status: 'expired',
    mails: 0,
    patch: { lastModified: 1767229200000, message: { invitationMessage: { body: 'Let us meet.' } } },
    shows: 'updated',
    why: 'Added, updated; ends by expiry, because nothing can be read of it.',
  },
];

/** A line with what came of it. */
export interface KindOutcome extends KindLine {
  invitation: ShownInvitation;
}

const LOOK_EVERY_MS = 400;

/** Sends one invitation of each kind and follows them until they are closed or time is up. */
export async function playKinds(parts: {
  api: InvitationApi;
  simulator: SimulatorControl;
  signal: AbortSignal;
  isOverdue: () => boolean;
}): Promise<KindOutcome[]> {
  return Promise.all(KIND_LINES.map((line) => playKind(line, parts)));
}

async function playKind(
  line: KindLine,
  { api, simulator, signal, isOverdue }: Parameters<typeof playKinds>[0],
): Promise<KindOutcome> {
  const { id } = await api.post(line.body);
  let toPatch = line.patch;
  let toAccept = line.accepts;
  for (;;) {
    const invitation = await api.get(id);
    if (toPatch && invitation.status === 'pendingAcceptance') {
      await api.patch(id, toPatch);
      toPatch = undefined;
    }
    if (toAccept !== undefined && isMailed(await simulator.mails(), toAccept)) {
      await simulator.accept(toAccept);
      toAccept = undefined;
    }
    if (phaseOf(invitation.status) === 'closed' || isOverdue()) return { ...line, invitation };
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

const isMailed = (mails: Mail[], address: string): boolean => mails.some(({ to }) => to === address);

/** What came out and must not. */
export const kindFaults = (outcomes: KindOutcome[], mails: Mail[]): string[] =>
  outcomes.flatMap(({ what, status, shows, accepts, mails: must, invitation }) => {
    const { history } = invitation;
    const sent = accepts === undefined ? undefined : mails.filter(({ to }) => to === accepts).length;
    return [
      ...(invitation.status === status ? [] : [`${what}: the status is ${invitation.status}, and must be ${status}`]),
      ...(shows === undefined || history.some((each) => each.what === shows)
        ? []
        : [`${what}: the history does not tell of "${shows}"`]),
      ...(sent === undefined || sent === must ? [] : [`${what}: ${sent} mails were sent, and must be ${must}`]),
    ];
  });
