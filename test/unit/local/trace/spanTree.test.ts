import { type ShownSpan, treesOf } from '../../../../local/trace/spanTree';

const ID = '019cadc6-9a80-7abc-8def-01234567890b';

const span = (traceId: string, spanId: string, changes: Partial<ShownSpan> = {}): ShownSpan => ({
  traceId,
  spanId,
  parentSpanId: undefined,
  name: spanId,
  startMs: 0,
  durationMs: 1,
  attributes: {},
  links: [],
  ...changes,
});

const look = { 'invitation.id': ID };

it('draws each trace that has to do with the invitation, the earliest first, with what it is linked to', () => {
  const spans = [
    span('later', 'reminder', { startMs: 9, attributes: look, links: [{ traceId: 'request0', spanId: 'request' }] }),
    span('request0', 'graph', { parentSpanId: 'look', startMs: 3, attributes: { 'http.response.status_code': 201 } }),
    span('request0', 'look', {
      parentSpanId: 'request',
      startMs: 2,
      durationMs: 40.25,
      attributes: { ...look, 'invitation.steps': ['enqueue → enqueued', 'send → sent'] },
    }),
    span('request0', 'hint', { parentSpanId: 'request', startMs: 1, attributes: { 'error.type': 'notSent' } }),
    span('request0', 'request', { parentSpanId: 'of the caller' }),
    span('other', 'a poll', { attributes: { 'invitation.id': 'another' } }),
  ];
  expect(treesOf(ID, spans).split('\n')).toEqual([
    'trace request0',
    'request                                             1.0 ms',
    '├─ hint                                             1.0 ms  notSent',
    '└─ look                                            40.3 ms  enqueue → enqueued, send → sent',
    '   └─ graph                                         1.0 ms  201',
    '',
    'trace later',
    'reminder                                            1.0 ms  linked to request of request0…',
  ]);
});

it('draws nothing of an invitation that no span knows', () => {
  expect(treesOf(ID, [span('t', 's')])).toBe('');
});
