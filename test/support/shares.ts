import { z } from 'zod';
import { type Answer, type InvitationAnswer, type WholeApp, invitationOf } from './wholeApp';

/** Limits so wide that no test waits for them. */
export const SHARING_SETTINGS = { GRAPH_SHARES_PER_SECOND: '30', GRAPH_SHARING_MAILS_PER_HOUR: '100000' };

export const ITEM = '/drives/b!x/items/01ABC';

/** A request that shares an item with a person: an address, or a driveRecipient. */
export const aShare = (recipient: string | object, more: object = {}) => ({
  kind: 'driveItem',
  target: ITEM,
  roles: ['read'],
  recipients: [typeof recipient === 'string' ? { email: recipient } : recipient],
  ...more,
});

const shareSchema = z.looseObject({
  id: z.string(),
  email: z.string().nullable(),
  itemPath: z.string(),
  roles: z.array(z.string()),
});

const entrySchema = z.looseObject({
  status: z.number(),
  location: z.string().optional(),
  invitation: z.unknown().optional(),
  error: z.looseObject({ code: z.string() }).optional(),
});

/** The results of a request with several recipients. */
export function batchOf({ body }: Answer) {
  const { batchId, value } = z.strictObject({ batchId: z.string(), value: z.array(entrySchema) }).parse(body);
  return {
    batchId,
    entries: value,
    invitations: value.flatMap(({ status, invitation }): InvitationAnswer[] =>
      invitation === undefined ? [] : [invitationOf({ status, headers: new Headers(), body: invitation })],
    ),
  };
}

/** What an app and its Graph say about shares. */
export const sharesOf = (app: () => WholeApp) => ({
  share: (recipient: string | object, more: object = {}) => app().ask(aShare(recipient, more)),

  /** Permissions that are there now, for the address. */
  permissionsOf: async (email: string) => {
    const { value } = z.object({ value: z.array(shareSchema) }).parse(await app().graph.control('GET', 'shares'));
    return value.filter((share) => share.email === email);
  },

  /** Bodies of the calls of `…/invite` that named the text: an address, an id or an alias. */
  invitesOf: (text: string): unknown[] =>
    app()
      .graph.calls.filter(
        ({ method, path, body }) => method === 'POST' && path.endsWith('/invite') && body.includes(text),
      )
      .map(({ body }) => JSON.parse(body) as unknown),

  /** Waits for the guest that the share waits for, and then for the share. */
  untilShared: async (id: string, wanted = 'pendingAcceptance'): Promise<InvitationAnswer> => {
    const waiting = await app().until(id, ({ waitsFor }) => waitsFor !== undefined);
    await app().until(String(waiting['waitsFor']), 'pendingAcceptance');
    await app().jump(6_000);
    return app().until(id, wanted);
  },
});

export const events = ({ history }: InvitationAnswer): string[] => history.map(({ what }) => what);

export const told =
  (what: string) =>
  (invitation: InvitationAnswer): boolean =>
    events(invitation).includes(what);
