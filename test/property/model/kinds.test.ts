import type { Policy } from '../../../shared/domain/policy';
import { addMs } from '../../../shared/domain/time';
import { ID, REQUESTED_AT, aFirstSend } from '../../support/invitations';
import {
  LOST,
  MINUTE_MS,
  NO_FAULT,
  kept,
  mailsOnce,
  makeExploring,
  reconcile,
  rulesFor,
  startOf,
  strict,
} from './bounds';
import type { Checks, Start } from './explore';
import { START_MS, type Graph } from './graph';
import { invitationsIn, tableFaultOnce } from './invariants';
import type { Rules } from './moves';
import { advancing, calling, revoking } from './programs';
import { KNOWN_GUEST, type World, aLinkedInRequest, aShareRequest, replacedRowsOf, requestedOf, rowsOf } from './world';

/*
 * The other kinds, explored as protocol.test.ts explores guests: sharing an item with a guest (looked up by its list of
 * permissions, read back after the call, mailed or not), LinkedIn invitations (of which nothing can be looked up), and a
 * share that takes the place of another while somebody is still at that one.
 */

const SHARED_BEFORE: Graph = { ...KNOWN_GUEST, permission: { madeAtMs: START_MS - 1e9, wasThere: true } };

const share = (policy: Policy, count: number, graph = KNOWN_GUEST): Start =>
  startOf(count, advancing(policy, ID), rowsOf(requestedOf(aShareRequest('it')), policy), graph);

// A machine that does other things besides takes a multiple of its time.
jest.setTimeout(600_000);

/** MODEL_WORKERS=3 explores forty times as many states, in a minute. */
const WORKERS = Number(process.env['MODEL_WORKERS'] ?? 2);

const exploring = makeExploring('Model check of the other kinds');

describe('a share', () => {
  it('is mailed at most once with strict: a lost answer, any pause, any lag', async () => {
    const explored = await exploring(`share, strict, ${WORKERS} workers`, share(strict, WORKERS), rulesFor(strict));
    expect(explored).toMatchObject({ mostMails: 1 });
    expect(explored.violation).toBeUndefined();
  });

  it('is mailed at most once with reconcile, where nobody freezes at the socket and lists lag less than RESOLVE_AFTER', async () => {
    const explored = await exploring('share, reconcile, 2 workers', share(reconcile, 2), rulesFor(reconcile, kept));
    expect(explored).toMatchObject({ mostMails: 1 });
    expect(explored.violation).toBeUndefined();
  });

  it.each([strict, reconcile])(
    'whose mail fails is mailed at most once, and no other is recorded as sent ($ambiguousSends)',
    async (policy) => {
      const faults = { most: 2, kinds: ['unmailed', ...LOST] } as const;
      const rules = rulesFor(policy, { ...kept, faults });
      const what = `share, ${policy.ambiguousSends}, 2 workers, its mail fails and an answer is lost`;
      const explored = await exploring(what, share(policy, 2), rules, eachIsMailedOnce(policy));
      expect(explored).toMatchObject({ mostMails: 1 });
      expect(explored.violation).toBeUndefined();
    },
  );

  it('can be mailed twice with reconcile when lists lag behind for longer than RESOLVE_AFTER', async () => {
    const rules = rulesFor(reconcile, { ...kept, lagMs: Infinity });
    const { violation } = await exploring('share, reconcile, a lag beyond RESOLVE_AFTER', share(reconcile, 2), rules);
    expect(violation).toMatchObject({ what: 'mailed twice' });
  });

  it('is mailed exactly once by any number of hints when nothing goes wrong', async () => {
    const rules = rulesFor(strict, { faults: NO_FAULT, pauses: 'none', lagMs: 0 });
    const atRest = ({ graph }: World) => (graph.mails === 1 ? undefined : `${graph.mails} mails at rest`);
    const explored = await exploring('share, no fault, 3 workers', share(strict, 3), rules, {
      ...mailsOnce(strict),
      atRest,
    });
    expect(explored.ends).toBeGreaterThan(0);
    expect(explored.violation).toBeUndefined();
  });
});

/** What a revoke leaves: no access that was given, all that was there before, and no mail that nobody accounts for. */
const accessIs = (policy: Policy, rules: Partial<Rules>) => {
  const tableFault = tableFaultOnce(policy);
  const always = ({ graph, tables, nowMs }: World): string | undefined => {
    const { permission } = graph;
    if (permission?.wasThere && permission.goneAtMs !== undefined) return 'access was taken that was there before';
    const [invitation] = invitationsIn(tables.rows).map((stored) => stored.invitation);
    const isOver = invitation?.status === 'revoked' && invitation.removal?.status !== 'due' && !invitation.intent;
    const isUnderWay = graph.underWay.some(({ untilMs }) => untilMs > nowMs);
    const isLeft = permission && !permission.wasThere && permission.goneAtMs === undefined;
    if (isOver && isLeft && !isUnderWay) return 'revoked, and access was left behind';
    return tableFault(tables);
  };
  return { checks: { always } satisfies Checks, rules: rulesFor(policy, { ...kept, ...rules }) };
};

describe('a share that is revoked at any moment', () => {
  const starting = (policy: Policy, graph: Graph): Start => {
    const { workers, ...start } = share(policy, 2, graph);
    return { ...start, workers: [...workers, { what: 'revoke', program: revoking(policy, ID) }] };
  };

  it.each([strict, reconcile])('leaves no access behind ($ambiguousSends)', async (policy) => {
    // A worker that dies at the socket is no fault of its own here, so answers are lost all the same.
    const { checks, rules } = accessIs(policy, { faults: NO_FAULT });
    const what = `share, ${policy.ambiguousSends}, 2 workers, revoked`;
    const explored = await exploring(what, starting(policy, KNOWN_GUEST), rules, checks);
    expect(explored.mostMails).toBe(1);
    expect(explored.violation).toBeUndefined();
  });

  it('leaves the access that was there before', async () => {
    const { checks, rules } = accessIs(strict, { faults: NO_FAULT });
    const explored = await exploring(
      'share over an earlier one, revoked',
      starting(strict, SHARED_BEFORE),
      rules,
      checks,
    );
    expect(explored.mostMails).toBe(1);
    expect(explored.violation).toBeUndefined();
  });
});

const REPLACING = ID.replace('019cadc6', '019cadc7');

/** No mail goes twice, and whatever is recorded as sent has been mailed: the other one's mail is not taken for it. */
const eachIsMailedOnce = (policy: Policy): Checks => {
  const tableFault = tableFaultOnce(policy);
  const always = ({ graph, tables }: World): string | undefined => {
    const twice = Object.entries(graph.mailsOf).find(([, count]) => count > 1);
    if (twice) return `the mail of the ${twice[0]} went out twice`;
    const unmailed = invitationsIn(tables.rows).find(({ invitation: { request, sends } }) => {
      const mail = request.kind === 'driveItem' ? request.message : undefined;
      return mail !== undefined && sends[0]?.status === 'sent' && graph.mailsOf[mail] === undefined;
    });
    if (unmailed) return `${unmailed.invitation.id} is recorded as sent and was not mailed`;
    return tableFault(tables);
  };
  return { always };
};

describe('a share that takes the place of another, whose call is out', () => {
  const startedAt = REQUESTED_AT;
  const intent = aFirstSend({ startedAt, leaseEndsAt: addMs(startedAt, 10 * MINUTE_MS), graphNow: startedAt });

  /** One invocation stands before the old one's call; two are at the new one. */
  const starting = (policy: Policy): Start => {
    const { invitation, history } = requestedOf(aShareRequest('old one'));
    const replacing = requestedOf({ ...aShareRequest('new one'), replaces: ID }, REPLACING);
    const rows = replacedRowsOf({ invitation: { ...invitation, intent }, history }, replacing, policy);
    const ofNew = { what: 'new', program: advancing(policy, REPLACING) };
    const ofOld = { what: 'old', program: calling(policy, ID, 'old one', intent.attemptId) };
    return { rows, graph: KNOWN_GUEST, workers: [ofNew, ofNew, ofOld], alike: 2 };
  };

  it('waits for it: no mail is taken for the other’s', async () => {
    const policy = reconcile;
    const rules = rulesFor(policy, { ...kept, faults: NO_FAULT, lagMs: 0 });
    const what = 'share that replaces another, reconcile, 1 + 2 workers';
    const explored = await exploring(what, starting(policy), rules, eachIsMailedOnce(policy));
    // The new one waits for the old one's permission to be taken back, too, and nobody is there to do that.
    expect(explored.mostMails).toBe(1);
    expect(explored.violation).toBeUndefined();
  });
});

describe('a LinkedIn invitation', () => {
  it.each([strict, reconcile])('is added at most once, whatever is lost ($ambiguousSends)', async (policy) => {
    const start = startOf(3, advancing(policy, ID), rowsOf(requestedOf(aLinkedInRequest()), policy));
    const rules = rulesFor(policy, { faults: { most: 2, kinds: LOST } });
    const isKnown = ({ tables, graph }: World): string | undefined => {
      const [invitation] = invitationsIn(tables.rows).map((stored) => stored.invitation);
      const isRight = invitation?.status === 'queued' || invitation?.status === 'needsReview' || graph.mails === 1;
      return isRight ? undefined : `${invitation?.status} with ${graph.mails} added`;
    };
    const checks = { ...mailsOnce(policy), atRest: isKnown };
    const what = `linkedIn, ${policy.ambiguousSends}, 3 workers, 2 lost answers`;
    const explored = await exploring(what, start, rules, checks);
    expect(explored).toMatchObject({ mostMails: 1 });
    expect(explored.violation).toBeUndefined();
  });
});
