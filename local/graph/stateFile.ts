import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { usersOf } from './directory';
import { linkedInInvitationSchema } from './linkedInRequest';
import { mailSchema } from './mail';
import { shareSchema } from './shares';
import type { Simulation } from './simulation';
import { ticketSchema } from './tickets';

const state = z.object({
  users: z.array(
    z.object({
      id: z.string(),
      mail: z.string().nullable(),
      otherMails: z.array(z.string()),
      userPrincipalName: z.string(),
      displayName: z.string().nullable(),
      userType: z.enum(['Guest', 'Member']),
      creationType: z.literal('Invitation').nullable(),
      createdDateTime: z.string(),
      externalUserState: z.enum(['PendingAcceptance', 'Accepted']).nullable(),
      externalUserStateChangeDateTime: z.string().nullable(),
    }),
  ),
  tickets: z.array(z.object({ code: z.string(), ticket: ticketSchema })),
  mails: z.array(mailSchema),
  shares: z.array(shareSchema).default([]),
  linkedIn: z.array(linkedInInvitationSchema).default([]),
  groups: z.array(z.object({ id: z.string(), name: z.string(), members: z.array(z.string()) })).default([]),
  redeemUrlsIssued: z.int(),
});

type State = z.output<typeof state>;

/** What was kept; undefined when there is no such file. Throws one sentence when it can't be read. */
export function readState(path: string): State | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return state.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Error(`${path} can't be read: delete it, and the Graph simulator starts with an empty directory.`, {
      cause,
    });
  }
}

/** Puts what was kept into a fresh simulation. The users have been there all along: no lag hides them. */
export function restoreState(simulation: Simulation, state: State): void {
  const { users, groups, shares, linkedIn, tickets, mails, redeemUrlsIssued } = state;
  for (const user of users) simulation.directory.put(user, Number.NEGATIVE_INFINITY);
  for (const group of groups) simulation.groups.set(group.id, group);
  for (const share of shares) simulation.shares.put(share);
  for (const invitation of linkedIn) simulation.linkedIn.set(invitation.id, invitation);
  for (const { code, ticket } of tickets) simulation.tickets.put(code, ticket);
  for (const mail of mails) simulation.mails.push(mail);
  simulation.redeemUrlsIssued = redeemUrlsIssued;
}

export interface StateKeeper {
  /** Something may have changed: it is saved `SAVE_AFTER_MS` later at the latest. */
  touch: () => void;
  /** Saves for the last time. */
  close: () => Promise<void>;
}

const SAVE_AFTER_MS = 2000;

/** Keeps the simulation's state in a file, which is replaced as a whole: a death while it is written loses two seconds. */
export function keepState(simulation: Simulation, path: string, onError: (error: unknown) => void): StateKeeper {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let saving = Promise.resolve();
  const save = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    saving = saving.then(() => writeState(simulation, path)).catch(onError);
    return saving;
  };
  return {
    touch: () => {
      if (!isClosed) timer ??= setTimeout(() => void save(), SAVE_AFTER_MS);
    },
    close: () => {
      isClosed = true;
      return save();
    },
  };
}

async function writeState(simulation: Simulation, path: string): Promise<void> {
  const { directory, groups, shares, linkedIn, tickets, mails, redeemUrlsIssued } = simulation;
  const now: State = {
    users: usersOf(directory).map((user) => ({ ...user, otherMails: [...user.otherMails] })),
    groups: [...groups.values()],
    shares: shares.values(),
    linkedIn: [...linkedIn.values()],
    tickets: tickets.valid(),
    mails: mails.values(),
    redeemUrlsIssued,
  };
  await mkdir(dirname(path), { recursive: true });
  // Redeem URLs are secrets, simulated ones too.
  await writeFile(`${path}.new`, JSON.stringify(now), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
