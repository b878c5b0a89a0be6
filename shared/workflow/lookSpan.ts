import type { Invitation } from '../domain/invitation';
import { linkedTo, partOf } from '../telemetry/place';
import { type Span, inSpan } from '../telemetry/span';

/**
 * A look at an invitation as a span. Until its first mail it is part of the request's trace, whatever set it off: a hint of
 * the request's, a copy, a tick. What comes weeks later, reminders above all, is a trace of its own and linked to the request.
 */
export function inLook<T>(invitation: Invitation, work: (span: Span) => Promise<T>): Promise<T> {
  const { id, kind, origin, sends } = invitation;
  const place = sends.length === 0 ? partOf(origin?.traceparent) : linkedTo(origin?.traceparent);
  const attributes = { 'invitation.id': id, 'invitation.kind': kind, 'invitation.source': origin?.source };
  return inSpan({ name: 'look at invitation', attributes, ...place }, work);
}
