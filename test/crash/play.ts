import { randomUUID } from 'node:crypto';
import { policyOf } from '../../shared/clients/policyOf';
import { type Invitation, phaseOf } from '../../shared/domain/invitation';
import { addMs } from '../../shared/domain/time';
import { readSettings } from '../../shared/settings';
import type { StoredInvitation } from '../../shared/tables/invitationEntity';
import { parseWakeUpKey } from '../../shared/tables/keys';
import { waitFor } from '../support/waitFor';
import type { Action, Told } from './orders';
import type { Scenario } from './scenario';
import type { Shift } from './shift';
import type { Stack } from './stack';

/** How many looks a way may take, from one status to the next: more is a loop. */
const MOST_LOOKS = 25;
/**
 * A worker's block of tokens may begin 5 s ahead on its monotonic clock, which runs in real time here while the tables'
 * clock jumps from wake-up to wake-up: so long, looks that find no token are no loop.
 */
const BLOCK_AHEAD_MS = 10_000;
/** A key whose request never ended is in progress for so long. */
const IN_PROGRESS_MS = 60_000;
/** However slow the machine is: only what hangs takes so long. */
const PATIENCE_MS = 30_000;

export type Play = ReturnType<typeof makePlay>;

/**
 * One invitation on its way, driven as the world drives it: callers that ask again with their key until they are
 * answered, a timer that ticks, and a clock that runs from wake-up to wake-up. Workers may die at any point.
 */
export function makePlay(stack: Stack, shift: Shift, scenario: Scenario) {
  const email = `p${randomUUID()}@fabrikam.example`;
  const policy = policyOf(readSettings(shift.settings));
  const invitations = stack.invitations(policy);
  let id = '';
  /** Whose attempts were seen under way: of what is asked about later, the mail tells its attempt. */
  const invitationOf = new Map<string, string>();

  const read = async (of = id): Promise<StoredInvitation> => {
    const stored = await invitations.read(of);
    if (!stored) throw new Error(`Invitation ${of} is answered for and not there.`);
    return stored;
  };

  /** Nothing in any worker's hands, nothing with the broker. */
  const rest = async (): Promise<void> => {
    let left = '';
    const isSettled = async (): Promise<boolean> => {
      // Asked whatever is active: somebody must be there to take it.
      const isIdle = await shift.ask<boolean>({ type: 'isIdle' });
      const active = stack.activeMessages();
      left = `${active} with the broker, the worker ${isIdle ? 'idle' : 'busy'}`;
      return isIdle && active === 0;
    };
    try {
      await waitFor(isSettled, { timeoutMs: PATIENCE_MS, describe: 'all messages to be settled' });
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)} ${left}.`, { cause: error });
    }
  };

  const asked = async (body: object, key: string): Promise<string> => {
    const told = await shift.ask<Told>({ type: 'request', body, key });
    if (told.type === 'inProgress') {
      stack.runTo(addMs(stack.now(), IN_PROGRESS_MS));
      return asked(body, key);
    }
    if (told.id === undefined) throw new Error(`The request was answered ${JSON.stringify(told)}.`);
    return told.id;
  };
  const body = bodyFor(scenario.body, email);

  /** Lets the clock run from wake-up to wake-up until the invitation is as wanted. */
  const until = async (wanted: string, isWanted: (invitation: Invitation) => boolean, of?: string): Promise<void> => {
    const startedAt = performance.now();
    for (let look = 0; look < MOST_LOOKS || performance.now() - startedAt < BLOCK_AHEAD_MS; look += 1) {
      await rest();
      const { invitation, wakeUp } = await read(of);
      if (invitation.intent) invitationOf.set(invitation.intent.attemptId, invitation.id);
      if (isWanted(invitation)) {
        await agreed(wanted);
        return;
      }
      if (invitation.status === 'needsReview') await review(invitation);
      else if (wakeUp === undefined) throw new Error(`Not ${wanted}, and nothing is left to do: ${told(invitation)}`);
      else {
        await shift.letLagPass();
        stack.runTo(await earliest(invitation, wakeUp));
        await shift.ask({ type: 'tick' });
      }
    }
    throw new Error(`Not ${wanted} after ${MOST_LOOKS} looks: ${told((await read(of)).invitation)}`);
  };

  /** Of what stands to be done for the person: a share may wait for its guest. */
  const earliest = async ({ waitsFor }: Invitation, wakeUp: string): Promise<string> => {
    const at = parseWakeUpKey(wakeUp).at;
    const other = waitsFor === undefined ? undefined : (await read(waitsFor)).wakeUp;
    const otherAt = other === undefined ? at : parseWakeUpKey(other).at;
    return otherAt < at ? otherAt : at;
  };

  /** Open or closed, at rest everything that belongs to it is there, and nothing else: one wake-up, or none. */
  const agreed = async (when: string): Promise<void> => {
    const findings = await stack.findings(id, policy);
    if (findings.length === 0) return;
    throw new Error(
      `When ${when}, the check finds ${findings.map(({ type, rowKey }) => `${type} ${rowKey}`).join(', ')}`,
    );
  };

  /**
   * Only strict asks a person, or where the scenario leaves nothing to look up; the person finds out whether it went out:
   * what did is confirmed, what did not is tried again.
   */
  const review = async (invitation: Invitation): Promise<void> => {
    const mails = (await stack.mailsTo(email)).filter((attempt) => invitationOf.get(attempt) === invitation.id);
    const added = await stack.linkedInOf(email);
    const isOut = [...mails, ...added].length > invitation.sends.length;
    const isExpected =
      scenario.asks === 'always' ||
      (scenario.asks === 'whenShared' && (await stack.sharesWith(email)) > 0) ||
      (policy.ambiguousSends === 'strict' && !isOut);
    if (!isExpected) throw new Error(`needsReview where none may be, with ${mails.length} mails: ${told(invitation)}`);
    shift.reviewed += 1;
    await decide(isOut ? 'confirmSent' : 'retry', invitation.id);
  };

  const decide = async (action: Action, of = id): Promise<void> => {
    const key = `${action}-${shift.reviewed}-${email}`;
    const { type } = await shift.ask<Told>({ type: 'decide', action, id: of, key });
    if (type !== 'accepted') throw new Error(`${action} was answered ${type}.`);
  };

  return {
    email,
    policy,
    id: () => id,
    read,
    rest,
    until,
    decide: (action: Action) => decide(action),
    request: async () => {
      id = await asked(body, `first-${email}`);
    },
    /** The same person again under another key: it must be the same invitation. */
    requestAgain: async () => {
      const again = await asked(body, `second-${email}`);
      if (again !== id) throw new Error(`The open invitation is ${id}, and a second request made ${again}.`);
    },
    /** Another request in the place of the first; gives the first one's id. */
    requestInItsPlace: async (): Promise<string> => {
      const replaces = id;
      id = await asked({ ...body, replaces }, `third-${email}`);
      return replaces;
    },
    patch: async (changes: object): Promise<void> => {
      const { type } = await shift.ask<Told>({ type: 'patch', body: changes, id, key: `patch-${email}` });
      if (type !== 'accepted') throw new Error(`The change was answered ${type}.`);
    },
    /** Reads the list of changes until it has told that the person redeemed. */
    untilSynced: async (): Promise<void> => {
      for (let run = 0; run < MOST_LOOKS; run += 1) {
        await shift.letLagPass();
        await shift.ask({ type: 'sync' });
        if ((await read()).invitation.status === 'accepted') return;
      }
      throw new Error('The list of changes did not tell of the redemption.');
    },
    sync: () => shift.ask({ type: 'sync' }),
    behave: stack.behave,
    addGuest: () => stack.addGuest(email),
    redeem: () => stack.redeem(email),
    pass: (ms: number) => stack.runTo(addMs(stack.now(), ms)),
    fault: (how: object) => stack.behave({ faults: [{ method: 'POST', path: '/invitations', email, ...how }] }),
    /** Until nobody else of the person is under way: the guest of a share, the one that was replaced. */
    untilOthersClose: async (): Promise<void> => {
      const others = (await invitations.idsOfPerson((await read()).invitation)).filter((other) => other !== id);
      for (const other of others) {
        await until(
          'closed',
          ({ status, removal }) => phaseOf(status) === 'closed' && removal?.status !== 'due',
          other,
        );
      }
    },
    untilRemoved: () =>
      until('done with its guest', ({ removal }) => removal !== undefined && removal.status !== 'due'),
  };
}

/** The scenario's body with the person in the place that its kind has for one. */
function bodyFor(given: Scenario['body'], email: string): object {
  switch (given?.kind) {
    case 'driveItem':
      return { ...given, recipients: [{ email }] };
    case 'linkedIn':
      return { ...given, invitee: email };
    default:
      return { invitedUserEmailAddress: email, ...given };
  }
}

/** Without the request, which holds the address. */
const told = (invitation: Invitation): string => JSON.stringify({ ...invitation, request: undefined });
