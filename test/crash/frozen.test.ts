import { type World, openWorld } from './blows';

const LONGEST_MS = 120_000;
const POST = 'Graph POST invitations';

describe('a worker that is frozen for longer than its lease in the middle of a first send', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  }, LONGEST_MS);
  afterAll(() => world.close());

  it(
    'does not call any more where it is frozen before its lease is checked: strict asks a person',
    async () => {
      expect(await world.freeze({ mode: 'strict', seam: POST, side: 'before' })).toEqual({
        status: 'needsReview',
        mails: 0,
        sends: 0,
        findings: [],
      });
    },
    LONGEST_MS,
  );

  it(
    'does not call any more where it is frozen before its lease is checked: reconcile has mailed once by then',
    async () => {
      expect(await world.freeze({ mode: 'reconcile', seam: POST, side: 'before' })).toEqual({
        status: 'pendingAcceptance',
        mails: 1,
        sends: 1,
        findings: [],
      });
    },
    LONGEST_MS,
  );

  it(
    'mails once with strict where it is frozen between the check and the call',
    async () => {
      expect(await world.freeze({ mode: 'strict', seam: POST, side: 'between' })).toEqual({
        status: 'needsReview',
        mails: 1,
        sends: 0,
        findings: [],
      });
    },
    LONGEST_MS,
  );

  it(
    'mails twice with reconcile where it is frozen between the check and the call, as docs/guarantees.md says',
    async () => {
      expect(await world.freeze({ mode: 'reconcile', seam: POST, side: 'between' })).toEqual({
        status: 'pendingAcceptance',
        mails: 2,
        sends: 1,
        findings: [],
      });
    },
    LONGEST_MS,
  );

  it(
    'finds its mail accounted for by another where it is frozen after the call',
    async () => {
      expect(await world.freeze({ mode: 'strict', seam: POST, side: 'after' })).toEqual({
        status: 'pendingAcceptance',
        mails: 1,
        sends: 1,
        findings: [],
      });
    },
    LONGEST_MS,
  );
});
