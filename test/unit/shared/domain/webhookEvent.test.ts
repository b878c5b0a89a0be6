import {
  type Tried,
  type WebhookEvent,
  afterTry,
  dueFor,
  receivedEvent,
  replayed,
} from '../../../../shared/domain/webhookEvent';

const RECEIVED = '2026-03-02T09:00:00.000Z';
const MINUTE_LATER = '2026-03-02T09:01:00.000Z';
const RETAIN = { retainMs: 10 * 24 * 3600_000 };
const again: Tried = { type: 'again', outcome: 'api.example.com answers 503.' };

const received = receivedEvent('hr', 'abc', RECEIVED);
const tried = (what: Tried, now: string, event: WebhookEvent = received) => {
  const after = afterTry(event, what, now, RETAIN);
  if (!after) throw new Error('Nothing changed.');
  return after;
};

describe('an event that was received', () => {
  it('is due at once, and the timer looks after it a minute later', () => {
    expect(received).toMatchObject({ status: 'pending', dueAt: RECEIVED, wakeUpAt: MINUTE_LATER, tries: 0 });
    expect(dueFor(received, RECEIVED)).toBe('try');
  });

  it('is forgotten a week after it was done', () => {
    const done = tried({ type: 'done', outcome: '1 invited' }, MINUTE_LATER);
    expect(done).toMatchObject({
      status: 'done',
      dueAt: '2026-03-09T09:01:00.000Z',
      wakeUpAt: '2026-03-09T09:01:00.000Z',
      outcome: '1 invited',
      tries: 1,
    });
    expect(dueFor(done, '2026-03-09T09:00:59.999Z')).toBe('nothing');
    expect(dueFor(done, '2026-03-09T09:01:00.000Z')).toBe('delete');
  });

  it('is kept for as long as data is retained where the mapping is at fault', () => {
    const kept = tried({ type: 'kept', outcome: 'mapping gives nothing.' }, MINUTE_LATER);
    expect(kept).toMatchObject({ status: 'kept', wakeUpAt: '2026-03-12T09:01:00.000Z' });
    expect(dueFor(kept, '2026-03-12T09:00:59.999Z')).toBe('nothing');
    expect(dueFor(kept, '2026-03-12T09:01:00.000Z')).toBe('delete');
  });
});

describe('an event whose try was in vain', () => {
  it.each([
    [0, '2026-03-02T09:02:00.000Z'],
    [1, '2026-03-02T09:03:00.000Z'],
    [2, '2026-03-02T09:05:00.000Z'],
    [5, '2026-03-02T09:33:00.000Z'],
    [6, '2026-03-02T10:01:00.000Z'],
    [30, '2026-03-02T10:01:00.000Z'],
  ])('after %i others is tried again at %s', (tries, dueAt) => {
    const waiting = tried(again, MINUTE_LATER, { ...received, tries });
    expect(waiting).toMatchObject({ status: 'pending', dueAt, wakeUpAt: dueAt, tries: tries + 1 });
    expect(dueFor(waiting, MINUTE_LATER)).toBe('nothing');
    expect(dueFor(waiting, dueAt)).toBe('try');
  });

  it('waits for as long as the other side asks, an hour at most', () => {
    expect(tried({ ...again, retryAfterMs: 90_000 }, MINUTE_LATER).dueAt).toBe('2026-03-02T09:02:30.000Z');
    expect(tried({ ...again, retryAfterMs: 7_200_000 }, MINUTE_LATER).dueAt).toBe('2026-03-02T10:01:00.000Z');
  });

  it('is kept when the next try would come a day after the first', () => {
    const late = { ...received, tries: 30 };
    expect(tried(again, '2026-03-03T07:59:59.999Z', late).status).toBe('pending');
    expect(tried(again, '2026-03-03T08:00:00.000Z', late)).toMatchObject({
      status: 'kept',
      outcome: 'api.example.com answers 503.',
      dueAt: '2026-03-13T08:00:00.000Z',
    });
  });
});

describe('an event that another worker was through with', () => {
  it.each(['done', 'kept'] as const)('stays as it is when it is %s', (status) => {
    expect(afterTry({ ...received, status }, again, MINUTE_LATER, RETAIN)).toBeUndefined();
    expect(afterTry({ ...received, status }, { type: 'done', outcome: '' }, MINUTE_LATER, RETAIN)).toBeUndefined();
  });
});

describe('a replay', () => {
  it('puts a kept event back with a day for itself, and leaves its place in time', () => {
    const kept = tried({ type: 'kept', outcome: 'mapping gives nothing.' }, MINUTE_LATER);
    expect(replayed(kept, '2026-03-05T12:00:00.000Z')).toMatchObject({
      status: 'pending',
      receivedAt: RECEIVED,
      dueAt: '2026-03-05T12:00:00.000Z',
      wakeUpAt: '2026-03-05T12:00:00.000Z',
      triedSince: '2026-03-05T12:00:00.000Z',
      tries: 0,
    });
  });

  it.each(['pending', 'done'] as const)('leaves a %s event alone', (status) => {
    expect(replayed({ ...received, status }, MINUTE_LATER)).toBeUndefined();
  });
});
