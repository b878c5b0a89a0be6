import { receivedEvent } from '../../../../shared/domain/webhookEvent';
import { fromEventEntity, toEventEntity } from '../../../../shared/tables/webhookEventEntity';

const KEY = '00112233445566778899aabbccddeeff';
const AT = '2026-03-02T09:00:00.000Z';
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it.each([
  ['with the trace of its request', receivedEvent('hr', KEY, AT, TRACEPARENT)],
  ['without one', receivedEvent('hr', KEY, AT)],
])('reads an event back as it was written, %s', (_, event) => {
  expect(fromEventEntity(toEventEntity(event))).toEqual(event);
});
