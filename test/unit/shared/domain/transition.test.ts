import { STATUSES, type Status } from '../../../../shared/domain/invitation';
import { EVENTS, type Event, transition } from '../../../../shared/domain/transition';

/** A row a status, a column an event; · is forbidden. Written from the design's drawing, not from the code. */
const TABLE = `
                   approve    reject    enqueue  putOff     sent               refused  unclear      redeemed  expire   revoke   retry   confirmSent        resetRedemption  deadLetter
awaitingApproval   scheduled  rejected  ·        ·          ·                  ·        ·            ·         ·        revoked  ·       ·                  ·                ·
scheduled          ·          ·         queued   ·          ·                  failed   ·            ·         ·        revoked  ·       ·                  ·                needsReview
queued             ·          ·         ·        scheduled  pendingAcceptance  failed   needsReview  accepted  ·        revoked  ·       ·                  ·                needsReview
pendingAcceptance  ·          ·         ·        ·          pendingAcceptance  ·        ·            accepted  expired  revoked  ·       ·                  ·                needsReview
accepted           ·          ·         ·        ·          ·                  ·        ·            ·         ·        revoked  ·       ·                  queued           ·
failed             ·          ·         ·        ·          ·                  ·        ·            ·         ·        ·        queued  ·                  ·                ·
expired            ·          ·         ·        ·          ·                  ·        ·            accepted  ·        ·        ·       ·                  ·                ·
revoked            ·          ·         ·        ·          ·                  ·        ·            ·         ·        ·        ·       ·                  ·                ·
rejected           ·          ·         ·        ·          ·                  ·        ·            ·         ·        ·        ·       ·                  ·                ·
needsReview        ·          ·         ·        ·          ·                  ·        ·            accepted  ·        revoked  queued  pendingAcceptance  ·                ·
`;

const [header = [], ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

const cases = rows.flatMap(([status, ...answers]) =>
  answers.map((answer, column) => [status as Status, header[column] as Event, answer] as const),
);

describe('transition', () => {
  it('has a row for every status and a column for every event', () => {
    expect(rows.map(([status]) => status).sort()).toEqual([...STATUSES].sort());
    expect([...header].sort()).toEqual([...EVENTS].sort());
    expect(cases).toHaveLength(140);
  });

  it.each(cases)('%s on %s: %s', (status, event, answer) => {
    expect(transition(status, event) ?? '·').toBe(answer);
  });
});
