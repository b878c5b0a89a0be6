import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { simulatorToken } from '../../../shared/graph/accessToken';
import { makeCallGraph } from '../../../shared/graph/callGraph';
import { makeGate } from '../../../shared/graph/gate';
import { makeMonotonicClock } from '../../../shared/monotonicClock';
import { makeGates } from '../../../shared/tables/gates';
import { makeIdempotencyKeys } from '../../../shared/tables/idempotencyKeys';
import { makeInvitations } from '../../../shared/tables/invitations';
import { makeInvitedUsers } from '../../../shared/tables/invitedUsers';
import { makeAdvanceInvitation } from '../../../shared/workflow/advanceInvitation';
import { clientsOf } from '../../../shared/tables/openTables';
import { makeRequestInvitation } from '../../../shared/workflow/requestInvitation';
import { advanceParts, everyGate } from '../../support/advanceParts';
import { HASH_KEY, useTables } from '../../support/azurite';
import { aPolicy } from '../../support/invitations';
import { rules } from '../../support/requests';
import { waitFor } from '../../support/waitFor';
import { useSimulator } from '../graphSimulator/simulated';

const azurite = useTables();
const simulator = useSimulator();

/** The workflow between real tables and the simulator; hints go nowhere, the test advances by itself. */
function workflow() {
  const tables = azurite.tables();
  const policy = aPolicy();
  const monotonicMs = makeMonotonicClock();
  const invitations = makeInvitations(tables, policy);
  const pace = { perSecond: 25, burstMs: 5_000 };
  const gate = makeGate({
    gates: makeGates(tables),
    limit: 'invitations',
    pace,
    now: tables.clock.now,
    monotonicMs,
    sleep,
    random: Math.random,
    mostWaitMs: 5_000,
  });
  const hints = { send: () => Promise.resolve(true), check: () => Promise.resolve() };
  const shared = {
    invitations,
    gates: everyGate(gate),
    hints,
    policy,
    now: tables.clock.now,
    monotonicMs,
    tickMs: 60_000,
  };
  const callGraph = makeCallGraph({
    baseUrl: simulator.baseUrl(),
    callTimeoutMs: 20_000,
    accessToken: simulatorToken,
  });
  return {
    request: makeRequestInvitation({
      ...shared,
      idempotencyKeys: makeIdempotencyKeys(tables),
      rules: rules({ inviteRedirectUrl: 'https://myapp.contoso.example' }),
      hashKey: HASH_KEY,
      partitions: 16,
      randomBytes,
    }),
    advance: makeAdvanceInvitation(
      advanceParts(
        {
          ...shared,
          invitedUsers: makeInvitedUsers(tables),
          callTimeoutMs: 20_000,
          sleep: () => Promise.resolve(),
        },
        callGraph,
      ),
    ),
  };
}

const people = {
  sent: 'ada.lovelace@fabrikam.example',
  quoted: "miles.o'brien@fabrikam.example",
  refused: 'group-everyone@fabrikam.example',
  namedInFault: 'grace.hopper@fabrikam.example',
  unknown: 'fault-alan@fabrikam.example',
  lost: 'joan.clarke@fabrikam.example',
};

it('keeps addresses out of everything but the request, and redeem URLs out of everything', async () => {
  await simulator.behave({
    faults: [
      { method: 'POST', path: '/invitations', email: people.lost, answer: 'resetAfter' },
      {
        method: 'POST',
        path: '/invitations',
        email: people.namedInFault,
        answer: 400,
        code: 'BadRequest',
        message: `The invited user ${people.namedInFault} can't be invited.`,
      },
    ],
  });
  const { request, advance } = workflow();
  const statuses: Record<string, string | undefined> = {};
  for (const [name, invitedUserEmailAddress] of Object.entries(people)) {
    const asked = { body: { invitedUserEmailAddress }, caller: 'hr', idempotencyKey: invitedUserEmailAddress };
    const result = await request(asked);
    if (result.type !== 'accepted') throw new Error(`${name}: ${result.type}`);
    const { id } = result.stored.invitation;
    statuses[name] = await waitFor(
      async () => {
        const { steps, status } = await advance(id);
        // Its place in the gate's line may not have come yet.
        return steps.some(({ outcome }) => outcome !== 'postponed') && status;
      },
      { describe: `Graph to be asked for ${name}` },
    );
  }
  expect(statuses).toEqual({
    sent: 'pendingAcceptance',
    quoted: 'pendingAcceptance',
    refused: 'failed',
    namedInFault: 'failed',
    unknown: 'queued',
    lost: 'queued',
  });

  expect((await simulator.mails())[0]).toHaveProperty('redeemUrl');
  const { scanned, holders } = await scan();
  expect(scanned).toBeGreaterThan(30);
  expect(holders).toEqual(Object.values(people).map(() => 'Invitations i-: request'));
});

const ADDRESS_OR_SECRET = /@fabrikam|%40fabrikam|redeem|ticket/i;

/** Where an address or a redeem URL stands: table, kind of entity and property. */
async function scan(): Promise<{ scanned: number; holders: string[] }> {
  const holders: string[] = [];
  let scanned = 0;
  for (const table of clientsOf(azurite.tables())) {
    for await (const entity of table.listEntities()) {
      scanned += 1;
      for (const [name, value] of Object.entries(entity)) {
        const kind = String(entity.rowKey).slice(0, 2);
        if (ADDRESS_OR_SECRET.test(String(value))) holders.push(`${table.tableName} ${kind}: ${name}`);
      }
    }
  }
  return { scanned, holders };
}
