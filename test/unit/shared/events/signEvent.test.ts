import { createHmac } from 'node:crypto';
import { newSecret, signedHeaders } from '../../../../shared/events/signEvent';

it('signs id, time and body as Standard Webhooks wants it', () => {
  const key = Buffer.from('0123456789abcdef01234567');
  const headers = signedHeaders('evt_1', '{"a":1}', `whsec_${key.toString('base64')}`, '2026-03-02T09:00:00.900Z');
  // By hand, from the specification and not from the package that signs.
  const signature = createHmac('sha256', key).update('evt_1.1772442000.{"a":1}').digest('base64');
  expect(headers).toEqual({
    'Content-Type': 'application/json',
    'User-Agent': 'invitation-workflow',
    'webhook-id': 'evt_1',
    'webhook-timestamp': '1772442000',
    'webhook-signature': `v1,${signature}`,
  });
});

it('makes a secret of 32 bytes, another each time', () => {
  const [one, other] = [newSecret(), newSecret()];
  expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(one).not.toBe(other);
});
