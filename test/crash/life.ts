import { type Play, makePlay } from './play';
import type { Blow, Sign } from './orders';
import { addMs } from '../../shared/domain/time';
import { parseWakeUpKey } from '../../shared/tables/keys';
import type { Scenario } from './scenario';
import { type Circumstances, type Crew, startShift } from './shift';
import type { Stack } from './stack';

/** What a life came to; it was lived as it should be when there are no faults. */
export interface Lived {
  scenario: string;
  faults: string[];
  /** Every effect that was reached, in order. */
  signs: Sign[];
  deaths: number;
  reviewed: number;
}

/** Lets one invitation live through a scenario under the circumstances, and checks what is left at rest. */
export async function live(stack: Stack, crew: Crew, scenario: Scenario, circumstances: Circumstances): Promise<Lived> {
  const shift = await startShift(stack, crew, circumstances);
  const faults: string[] = [];
  let failure: string | undefined;
  try {
    const play = makePlay(stack, shift, scenario);
    play.pass(GATE_FORGETS_MS);
    await scenario.play(play);
    await play.rest();
    faults.push(...(await faultsAtRest(stack, play, scenario)));
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const signs = await shift.signs();
  if (failure !== undefined) faults.push(`${failure} ${lastOf(signs)}`);
  // A life that ended too early may have left its worker in the middle of something.
  if (faults.length > 0) await shift.kill();
  else await shift.end();
  stack.wipeBroker(); // The next life starts with an empty queue.
  return { scenario: scenario.name, faults, signs, deaths: shift.deaths(), reviewed: shift.reviewed };
}

/** Where whoever hangs stands. */
function lastOf(signs: Sign[]): string {
  const last = signs.slice(-3).map(({ side, seam, nth }) => `${side} ${seam} ${nth}`);
  return `Reached last: ${last.join(', ') || 'nothing'}.`;
}

/** Only what is kept until its addresses are erased (RETAIN_DAYS) may be looked at so late. */
const RETAINED_MS = 300 * 86_400_000;

/** What the life before took of the gate is over then, so that every life finds it alike. */
const GATE_FORGETS_MS = 60_000;

async function faultsAtRest(stack: Stack, play: Play, scenario: Scenario): Promise<string[]> {
  const { invitation, wakeUp } = await play.read();
  const { status } = invitation;
  const others = await stack.invitations(play.policy).idsOfPerson(invitation);
  const all = (await Promise.all(others.map((id) => play.read(id)))).map((stored) => stored.invitation);
  // A share's guest is invited without a mail.
  const sends = all
    .filter(({ request }) => request.kind !== 'guest' || request.sendInvitationMessage)
    .flatMap((each) => each.sends);
  const mails = await stack.mailsTo(play.email);
  const unaccounted = mails.filter((attempt) => !sends.some(({ attemptId }) => attemptId === attempt));
  const confirmed = sends.filter((send) => send.status === 'confirmed');
  // Revoked while nobody knew whether its mail went out: nobody has to find out any more.
  const unclear = all.filter(({ status: ended, fault }) => ended === 'revoked' && fault?.code === 'sendUnclear');
  const isAccountedFor =
    unaccounted.length >= confirmed.length && unaccounted.length <= confirmed.length + unclear.length;
  const isMailed = scenario.body?.kind !== 'linkedIn';
  const countOf = (attemptId: string) => mails.filter((each) => each === attemptId).length;
  const findings = await stack.findings(play.id(), play.policy);
  const most = scenario.invitations ?? 1;
  return [
    ...(status === scenario.ends ? [] : [`It ended ${status}, not ${scenario.ends}.`]),
    ...(wakeUp === undefined || parseWakeUpKey(wakeUp).at > addMs(invitation.closedAt ?? '', RETAINED_MS)
      ? []
      : [`It is closed and still has the wake-up ${wakeUp}.`]),
    ...(others.length === most ? [] : [`There are ${others.length} invitations, not ${most}.`]),
    ...sends
      .filter(() => isMailed)
      .filter(({ status: sent, attemptId }) => (sent === 'sent' ? countOf(attemptId) !== 1 : countOf(attemptId) > 1))
      .map(
        (send) => `Send ${send.number} is recorded as ${send.status}, and ${countOf(send.attemptId)} mails went out.`,
      ),
    // Whoever confirmed a mail had seen it.
    ...(isAccountedFor || !isMailed
      ? []
      : [`${unaccounted.length} mails went out that no send accounts for, and ${confirmed.length} were confirmed.`]),
    ...((await scenario.faults?.(play, stack)) ?? []),
    ...findings.map(({ type, rowKey }) => `The check finds ${type}: ${rowKey}`),
    ...(invitation.kind === 'guest' &&
    invitation.removal?.status === 'removed' &&
    (await stack.userIs(play.email)) === 'there'
      ? ['The guest is recorded as removed and is there.']
      : []),
  ];
}

/** Every place where a life can be struck: each effect, before and after it. */
export const placesIn = ({ signs }: Lived): Blow[] =>
  signs
    .filter(({ side }) => side === 'before')
    .flatMap(({ seam, nth }) =>
      (['before', 'after'] as const).map((side) => ({ kind: 'kill', seam, nth, side }) as const),
    );
