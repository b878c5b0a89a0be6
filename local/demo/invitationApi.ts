import { z } from 'zod';
import { STATUSES } from '../../shared/domain/invitation';
import type { NewHire } from './newHires';

const word = z.object({ code: z.string(), message: z.string() });

const invitation = z.object({
  id: z.string(),
  status: z.enum(STATUSES),
  sends: z.array(z.object({ cause: z.string(), status: z.string() })),
  history: z.array(z.object({ what: z.string(), detail: z.string().optional() })).default([]),
  fault: word.optional(),
});

/** An invitation as the HTTP functions show it, as far as the demo looks. */
export type ShownInvitation = z.output<typeof invitation>;

export type Answer =
  { status: 200 | 202; id: string } | { status: 400; why: string } | { status: 'other'; why: string };

const refusal = z.object({ error: z.object({ message: z.string(), details: z.array(word).default([]) }) });

const CALL_TIMEOUT_MS = 20_000;

/** The API as a caller with a file uses it. */
export function makeInvitationApi(baseUrl: string, interrupted: AbortSignal) {
  const url = `${baseUrl}/api/invitations`;
  const limit = (): AbortSignal => AbortSignal.any([interrupted, AbortSignal.timeout(CALL_TIMEOUT_MS)]);

  /** The key is the line's own, so that sending the file again invites nobody again. */
  const invite = async (hire: NewHire): Promise<Answer> => {
    const { messageLanguage, ...rest } = hire;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `new-hires.csv/${hire.externalId}` },
      body: JSON.stringify({ ...rest, source: 'new-hires.csv', invitedUserMessageInfo: { messageLanguage } }),
      signal: limit(),
    });
    const body: unknown = await response.json();
    if (response.status === 200 || response.status === 202) {
      return { status: response.status, id: invitation.parse(body).id };
    }
    const { message, details } = refusal.parse(body).error;
    const why = details.map((detail) => detail.message).join(' ') || message;
    return response.status === 400 ? { status: 400, why } : { status: 'other', why: `${response.status}: ${why}` };
  };

  const get = async (id: string): Promise<ShownInvitation> => {
    const response = await fetch(`${url}/${id}`, { signal: limit() });
    if (response.status !== 200) throw new Error(`GET of invitation ${id} was answered with ${response.status}.`);
    return invitation.parse(await response.json());
  };

  /** One request of any kind. */
  const post = async (body: object): Promise<ShownInvitation> => accepted(await send('POST', url, body));

  const patch = async (id: string, body: object): Promise<ShownInvitation> =>
    accepted(await send('PATCH', `${url}/${id}`, body));

  const send = (method: string, to: string, body: object): Promise<Response> =>
    fetch(to, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: limit(),
    });

  return { invite, get, post, patch };
}

async function accepted(response: Response): Promise<ShownInvitation> {
  const body: unknown = await response.json();
  if (response.status === 202) return invitation.parse(body);
  const { message, details } = refusal.parse(body).error;
  throw new Error(`${response.status}: ${details.map((detail) => detail.message).join(' ') || message}`);
}

export type InvitationApi = ReturnType<typeof makeInvitationApi>;
