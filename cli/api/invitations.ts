import { randomUUID } from 'node:crypto';
import { stringifyExactly } from '../../shared/domain/exactJson';
import { endpointFault } from '../cliFault';
import { type ApiAnswer, type ApiError, apiErrorOf } from './apiAnswer';
import type { CallApi } from './callApi';
import { type GivenInvitation, invitationOf } from './shownInvitation';

export type Acted = { ok: true; invitation: GivenInvitation } | { ok: false; error: ApiError };

export interface Page<T> {
  value: T;
  /** The query of the next page; undefined after the last. */
  next?: string;
}

/** What may be asked of the API about invitations that are there. */
export function makeInvitations(call: CallApi) {
  /** Undefined where there is none (of this caller's). */
  const get = async (id: string): Promise<GivenInvitation | undefined> => {
    const answer = await call('GET', `/invitations/${id}`);
    return answer.status === 404 ? undefined : (invitationOf(answer.body) ?? fail(answer));
  };

  const act = async (id: string, action: string, body?: object): Promise<Acted> => {
    const answer = await call('POST', `/invitations/${id}/${action}`, {
      headers: { 'idempotency-key': randomUUID(), ...(body ? JSON_TYPE : {}) },
      ...(body ? { body: stringifyExactly(body) } : {}),
    });
    const invitation = invitationOf(answer.body);
    if (invitation) return { ok: true, invitation };
    return { ok: false, error: apiErrorOf(answer.body) ?? fail(answer) };
  };

  /** `query`: filters, or `next` of the page before. The endpoint is always the one named, wherever a nextLink points. */
  const page = async (query: string): Promise<Page<GivenInvitation[]>> => {
    const answer = await call('GET', `/invitations${query}`);
    const body = answer.body as { value?: unknown; nextLink?: unknown } | undefined;
    if (answer.status !== 200 || !Array.isArray(body?.value)) return fail(answer);
    const value = body.value.flatMap((each) => invitationOf(each) ?? []);
    return { value, ...nextOf(typeof body.nextLink === 'string' ? body.nextLink : undefined) };
  };

  const csvPage = async (query: string): Promise<Page<string>> => {
    const answer = await call('GET', `/invitations${query}`, { headers: { accept: 'text/csv' } });
    if (answer.status !== 200) return fail(answer);
    return { value: answer.text, ...nextOf(/<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]) };
  };

  return { get, act, page, csvPage };
}

export type Invitations = ReturnType<typeof makeInvitations>;

export const JSON_TYPE = { 'content-type': 'application/json' };

const nextOf = (link: string | undefined): { next?: string } =>
  link !== undefined && URL.canParse(link) ? { next: new URL(link).search } : {};

/** An answer that says no to everything that could be asked this way. */
export function fail({ status, body }: ApiAnswer): never {
  const error = apiErrorOf(body);
  if (error) {
    throw endpointFault(`The endpoint refuses this (${status} ${error.code}): ${error.message}`, { isUnsent: true });
  }
  throw endpointFault(`The endpoint answers ${status} with something unexpected. Is --url right?`);
}
