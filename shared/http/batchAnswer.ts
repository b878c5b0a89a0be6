import type { HttpResponseInit } from '@azure/functions';
import type { Warning } from '../domain/invitation';
import type { StoredInvitation } from '../tables/invitationEntity';
import type { ErrorAnswer } from './errors';
import { invitationBody, locationOf } from './invitationAnswer';

/** 202 with a result for each entry in the order of the request, even where all were refused. */
export const batchAnswer = (batchId: string, value: object[]): HttpResponseInit => ({
  status: 202,
  headers: { 'Retry-After': '1' },
  jsonBody: { batchId, value },
});

export const acceptedEntry = (
  status: 202 | 200,
  stored: StoredInvitation,
  warnings: Warning[],
  requestUrl: string,
): object => ({
  status,
  location: locationOf(stored.invitation.id, requestUrl),
  invitation: invitationBody(stored, warnings),
});

/** With the status and the error that the entry would have got alone. */
export const refusedEntry = ({ status, jsonBody }: ErrorAnswer): object => ({ status, ...(jsonBody as object) });
