import { sizeOf } from '../../../../local/graph/batch';
import type { Call } from '../../../../local/graph/answers';

const call = (path: string, text: string, method = 'POST'): Call => ({
  method,
  version: 'v1.0',
  path,
  query: new URLSearchParams(),
  authorization: 'Bearer token',
  contentType: 'application/json',
  text,
  clientRequestId: '1',
});

describe('sizeOf', () => {
  it.each([
    ['a batch of three', call('/$batch', '{"requests":[{},{},{}]}'), 3],
    [
      'more than there may be',
      call('/$batch', JSON.stringify({ requests: Array.from({ length: 1000 }, () => 0) })),
      20,
    ],
    ['a batch of none', call('/$batch', '{"requests":[]}'), 1],
    ['a batch that is no JSON', call('/$batch', '{'), 1],
    ['an invitation', call('/invitations', '{"requests":[{},{}]}'), 1],
  ])('tells how many calls %s is', (_, made, size) => {
    expect(sizeOf(made)).toBe(size);
  });
});
