import { z } from 'zod';
import { startGraphSimulator, type GraphSimulator } from '../../../local/graph/startGraphSimulator';

export interface Answered {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  /** The body as it came: numbers have all their digits here. */
  text: string;
}

const object = z.record(z.string(), z.unknown());

/** One simulator for a test file, as new before every test, and the calls that the tests make of it. */
export function useSimulator() {
  let simulator: GraphSimulator;

  beforeAll(async () => {
    simulator = await startGraphSimulator({ port: 0 });
  });
  beforeEach(() => control('POST', 'reset'));
  afterAll(() => simulator.close());

  /** A call with a token and, when there is a body, as JSON. `path` is from the root or a whole URL. */
  async function call(method: string, path: string, body?: unknown, init: RequestInit = {}): Promise<Answered> {
    const response = await fetch(path.startsWith('http') ? path : `${simulator.baseUrl}${path}`, {
      method,
      headers: { Authorization: 'Bearer token', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...init,
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? {} : object.parse(JSON.parse(text)),
      text,
    };
  }

  const control = (method: string, name: string, body?: unknown) => call(method, `/_simulator/${name}`, body);

  const list = async (name: string) => z.array(object).parse((await control('GET', name)).body.value);

  return {
    call,
    control,
    behave: (behaviour: object) => control('PUT', 'behaviour', behaviour),
    invite: (email: string, more: object = {}) => call('POST', '/v1.0/invitations', invitation(email, more)),
    share: (body: object, itemPath = ITEM) => call('POST', `/v1.0${itemPath}/invite`, { roles: ['read'], ...body }),
    permissions: async (itemPath = ITEM) =>
      z.array(object).parse((await call('GET', `/v1.0${itemPath}/permissions`)).body.value),
    addUser: async (email: string, state: 'Accepted' | 'PendingAcceptance' | null) =>
      z.object({ id: z.string() }).parse((await control('POST', 'users', { email, state })).body).id,
    mails: () => list('mails'),
    requests: () => list('requests'),
    getUser: (id: string) => call('GET', `/v1.0/users/${id}?$select=id,mail,otherMails,${STATE}`),
    findUsers: async (filter: string) => {
      const { body } = await call('GET', `/v1.0/users?$filter=${encodeURIComponent(filter)}&$select=id,${STATE}`);
      return z.array(object).parse(body.value);
    },
    baseUrl: () => simulator.baseUrl,
  };
}

const STATE = 'externalUserState,externalUserStateChangeDateTime';

/** An item to share. */
export const ITEM = '/drives/b!drive/items/01ITEM';

export const invitation = (email: string, more: object = {}) => ({
  invitedUserEmailAddress: email,
  inviteRedirectUrl: 'https://myapp.contoso.com',
  ...more,
});

/** Jest types its matchers as any. */
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

export const userIdOf = ({ body }: Answered) => z.object({ id: z.string() }).parse(body.invitedUser).id;

export const redeemUrlOf = ({ body }: Answered) => z.string().parse(body.inviteRedeemUrl);

/** The only permission in the answer to an invite. */
export function permissionOf({ body }: Answered): Record<string, unknown> & { id: string } {
  const [permission, ...others] = z.array(z.looseObject({ id: z.string() })).parse(body.value);
  if (!permission || others.length > 0) throw new Error(`Not one permission: ${JSON.stringify(body)}`);
  return permission;
}

/** Status, code and message of an answer that failed. */
export function faultOf({ status, body }: Answered): [number, string, string] {
  const { code, message } = z.object({ code: z.string(), message: z.string() }).parse(body.error);
  return [status, code, message];
}
