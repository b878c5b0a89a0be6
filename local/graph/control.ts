import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { badRequest, failure, toGraphDateTime, type Answer } from './answers';
import { type DirectoryUser, usersOf } from './directory';
import { readJson } from './preconditions';
import { toInvitationV2 } from './linkedIn';
import { redeemAs } from './redemption';
import { changeBehaviour, type Simulation } from './simulation';

interface ControlCall {
  query: URLSearchParams;
  body: unknown;
}

type Control = (simulation: Simulation, call: ControlCall) => Answer;

const ok = (body: object): Answer => ({ status: 200, body });

/** The control surface: what tests and the demo look at and turn. Not part of Graph. */
const controls: Record<string, Control> = {
  'GET /_simulator/mails': ({ mails }, { query }) => {
    const to = query.get('email')?.toLowerCase();
    const value = mails.values().filter((mail) => to === undefined || mail.to.toLowerCase() === to);
    return ok({ value, total: mails.total });
  },
  'GET /_simulator/requests': ({ requests }) => ok({ value: requests.values(), total: requests.total }),
  'GET /_simulator/behaviour': ({ behaviour }) => ok(behaviour),
  'PUT /_simulator/behaviour': putBehaviour,
  'POST /_simulator/redemptions': postRedemption,
  'GET /_simulator/shares': ({ shares }) => ok({ value: shares.values() }),
  'GET /_simulator/linkedIn': ({ linkedIn }) => ({
    ...ok({ value: [...linkedIn.values()].map(toInvitationV2), total: linkedIn.size }),
    isExact: true,
  }),
  'GET /_simulator/users': ({ directory }) => ok({ value: usersOf(directory) }),
  'POST /_simulator/users': postUser,
  'GET /_simulator/groups': ({ groups }) => ok({ value: [...groups.values()] }),
  'POST /_simulator/groups': postGroup,
  'POST /_simulator/reset': (simulation) => {
    simulation.reset();
    return { status: 204 };
  },
};

export const CONTROL_PREFIX = '/_simulator/';

export function answerControl(
  simulation: Simulation,
  method: string,
  path: string,
  query: URLSearchParams,
  text: string,
): Answer {
  const name = `${method} ${path}`;
  const control = Object.hasOwn(controls, name) ? controls[name] : undefined;
  if (!control)
    return failure(404, 'NotFound', `${name} does not exist. There are: ${Object.keys(controls).join(', ')}.`);
  const body = text === '' ? {} : readJson(text);
  return body === undefined ? badRequest('The body is not valid JSON.') : control(simulation, { query, body });
}

/** Faults are the caller's to read, so a bad body is told about in full. */
const invalid = (error: z.ZodError) => badRequest(z.prettifyError(error));

function putBehaviour(simulation: Simulation, { body }: ControlCall): Answer {
  try {
    changeBehaviour(simulation, body);
  } catch (error) {
    if (error instanceof z.ZodError) return invalid(error);
    throw error;
  }
  return ok(simulation.behaviour);
}

const redemption = z.strictObject({ email: z.string().min(1) });

function postRedemption(simulation: Simulation, { body }: ControlCall): Answer {
  const parsed = redemption.safeParse(body);
  if (!parsed.success) return invalid(parsed.error);
  const user = redeemAs(simulation, parsed.data.email);
  return user ? ok(user) : failure(404, 'NotFound', `Nobody with the address '${parsed.data.email}' has been invited.`);
}

const seed = z.strictObject({
  email: z.email(),
  state: z.enum(['PendingAcceptance', 'Accepted']).nullable(),
  userType: z.enum(['Guest', 'Member']).optional(),
  createdDateTime: z.iso.datetime().optional(),
  displayName: z.string().optional(),
});

/** A user who has been there all along: reads see them at once, whatever the lag. */
function postUser({ directory, tenant, now }: Simulation, { body }: ControlCall): Answer {
  const parsed = seed.safeParse(body);
  if (!parsed.success) return invalid(parsed.error);
  const { email, state, displayName, userType = state === null ? 'Member' : 'Guest' } = parsed.data;
  if (directory.findByMail(email))
    return failure(409, 'Conflict', `There is a user with the address '${email}' already.`);
  const createdDateTime = parsed.data.createdDateTime ?? toGraphDateTime(now());
  const isGuest = userType === 'Guest';
  const user: DirectoryUser = {
    id: randomUUID(),
    mail: email,
    otherMails: isGuest ? [email] : [],
    userPrincipalName: isGuest || state !== null ? `${email.replace('@', '_')}#EXT#@${tenant.initialDomain}` : email,
    displayName: displayName ?? email.replace(/@.*/, ''),
    userType,
    creationType: state === null ? null : 'Invitation',
    createdDateTime,
    externalUserState: state,
    externalUserStateChangeDateTime: state === null ? null : createdDateTime,
  };
  directory.put(user, Number.NEGATIVE_INFINITY);
  return { status: 201, body: user };
}

const groupSeed = z.strictObject({ id: z.guid().toLowerCase().optional(), name: z.string().min(1) });

function postGroup({ groups }: Simulation, { body }: ControlCall): Answer {
  const parsed = groupSeed.safeParse(body);
  if (!parsed.success) return invalid(parsed.error);
  const { name, id = randomUUID() } = parsed.data;
  if (groups.has(id)) return failure(409, 'Conflict', `There is a group ${id} already.`);
  const group = { id, name, members: [] };
  groups.set(id, group);
  return { status: 201, body: group };
}
