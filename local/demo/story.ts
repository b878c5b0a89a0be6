import { setTimeout as sleep } from 'node:timers/promises';
import { phaseOf } from '../../shared/domain/invitation';
import type { Answer, InvitationApi, ShownInvitation } from './invitationApi';
import type { NewHire } from './newHires';
import { type Part, partOf } from './plot';
import type { Mail, SimulatorControl } from './simulatorControl';

/** A line of the file and what has come of it so far. */
export interface Line {
  hire: NewHire;
  part: Part;
  answer: Answer;
  /** The answer to the same line sent a second time with the same key. */
  repeated: Answer;
  /** Of lines that made one. */
  invitation?: ShownInvitation;
  /** Mails that Graph sent to the address as this line writes it. */
  mails: Mail[];
}

/** What came of the file. */
export interface Story {
  lines: Line[];
  /** Every mail that Graph sent. */
  mails: Mail[];
}

export interface Progress {
  accepted: number;
  sent: number;
  closed: number;
}

export interface StoryParts {
  api: InvitationApi;
  simulator: SimulatorControl;
  signal: AbortSignal;
  /** Whatever is not done by then never will be. */
  isOverdue: () => boolean;
  onProgress: (progress: Progress) => void;
}

const LOOK_EVERY_MS = 400;

/**
 * Sends the file through the HTTP function twice and lets people accept as the plot says, until every invitation is
 * closed or time is up. Rejects when the signal is aborted.
 */
export async function playStory(hires: NewHire[], parts: StoryParts): Promise<Story> {
  const { api, signal, isOverdue, onProgress } = parts;
  const answers: Answer[] = [];
  for (const hire of hires) {
    answers.push(await api.invite(hire));
    onProgress({ accepted: answers.length, sent: 0, closed: 0 });
  }
  const lines: Line[] = [];
  for (const [index, hire] of hires.entries()) {
    const answer = answers[index] ?? { status: 'other', why: 'no answer' };
    lines.push({ hire, part: partOf(hire.externalId), answer, repeated: await api.invite(hire), mails: [] });
  }
  const acceptances = makeAcceptances(lines, parts.simulator);
  for (;;) {
    const mails = await lookAt(lines, parts);
    await acceptances();
    onProgress(progressOf(lines));
    if (invited(lines).every(isClosed) || isOverdue()) return { lines, mails };
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** Lines that made an invitation; the others have nothing that could be sent or closed. */
export const invited = (lines: Line[]): Line[] => lines.filter(({ answer }) => answer.status === 202);

const isClosed = ({ invitation }: Line): boolean => invitation !== undefined && phaseOf(invitation.status) === 'closed';

async function lookAt(lines: Line[], { api, simulator }: StoryParts): Promise<Mail[]> {
  const mails = await simulator.mails();
  for (const line of lines) line.mails = mails.filter(({ to }) => to === line.hire.invitedUserEmailAddress);
  const look = async (line: Line): Promise<void> => {
    if (line.answer.status === 202 && !isClosed(line)) line.invitation = await api.get(line.answer.id);
  };
  await Promise.all(lines.map(look));
  return mails;
}

/** Presses Accept for everybody whose mails have come, once. */
function makeAcceptances(lines: Line[], simulator: SimulatorControl): () => Promise<void> {
  const waiting = new Set(lines.filter(({ part }) => part.acceptsAfter !== undefined));
  return async () => {
    for (const line of waiting) {
      if (line.mails.length < (line.part.acceptsAfter ?? 0)) continue;
      waiting.delete(line);
      await simulator.accept(line.hire.invitedUserEmailAddress);
    }
  };
}

/** Somebody to whom nothing is to be mailed counts as served once that is known. */
const progressOf = (lines: Line[]): Progress => ({
  accepted: lines.length,
  sent: lines.filter((line) => line.mails.length > 0 || isClosed(line)).length,
  closed: lines.filter(isClosed).length,
});
