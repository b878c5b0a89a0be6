import type { Storm } from './runStorm';
import {
  faultyGraph,
  loseEveryGraphAnswer,
  loseEveryTableAnswer,
  otherApp,
  tablesAway,
  unreadableHints,
} from './weather';
import { withoutSkippedReminder } from './reading';
import { HOUR_MS, MINUTE_MS, type World, addressOf } from './world';

const PEOPLE = 1_000;
/** Requests come in faster than Graph takes them. */
const REQUESTS_OVER_MS = 20_000;
/** Reads of the directory run behind by this, well below RESOLVE_AFTER (ten minutes). */
const LAG_MS = 2 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const throttled = (invitations: number): Storm => ({
  name: '429: another app takes half of 30/s',
  invitations,
  graph: { throttle: { ratePerSecond: 30, burst: 150, refusedCallsCount: true } },
  play: async (world) => {
    void otherApp(world, 15, 10 * MINUTE_MS);
    await world.requestAll(REQUESTS_OVER_MS / 2);
  },
});

const storm = (name: string, play: (world: World) => Promise<unknown>, more: Partial<Storm> = {}): Storm => ({
  name,
  invitations: PEOPLE,
  play: async (world) => {
    await play(world);
  },
  ...more,
});

const whileRequested = (weather: (world: World) => Promise<unknown>) => (world: World) =>
  Promise.all([world.requestAll(REQUESTS_OVER_MS), weather(world)]);

const jumping = (byMs: number) =>
  whileRequested(async (world) => {
    const lossy = faultyGraph(world, { probability: 0.1, forMs: MINUTE_MS, fault: () => ({ reset: 'after' }) });
    await world.clock.sleep(REQUESTS_OVER_MS / 2);
    world.server.jump(byMs);
    world.weather.faults += 1;
    await lossy;
  });

async function brokerRestarts({ broker, clock, weather }: World): Promise<void> {
  for (let restart = 1; restart <= 10; restart += 1) {
    await clock.sleep(5_000);
    weather.faults += 1;
    await broker.restart(2_000);
    if (restart === 5) broker.wipe();
  }
}

async function tokenRefused({ clock, tenant, weather }: World): Promise<void> {
  await clock.sleep(5_000);
  tenant.faults.refusesTokens = true;
  weather.faults += 1;
  await clock.sleep(HOUR_MS);
  tenant.faults.refusesTokens = false;
}

async function threeDaysWithoutTimer(world: World): Promise<void> {
  await world.requestAll(REQUESTS_OVER_MS);
  await world.rest();
  world.timers.atOnce = 0;
  world.weather.faults += 1;
  await world.clock.sleep(3 * DAY_MS);
  world.timers.atOnce = 1;
}

const SHARES = 60;

/** When the last mail of the one sort went out, counted from the beginning. */
const lastMailMs = ({ tenant, isShare, startedAtMs }: World, ofShares: boolean): number =>
  Math.max(
    ...tenant
      .mails()
      .filter(({ to }) => isShare(to) === ofShares)
      .map(({ at }) => Date.parse(at) - startedAtMs),
  );

/** `guestsMs`, `sharesMs`: when everybody must have been mailed. Half of those who are shared with are strangers. */
const besideEachOther = (
  name: string,
  within: { guestsMs: number; sharesMs: number },
  graph: Storm['graph'],
  weather: (world: World) => Promise<unknown>,
): Storm =>
  storm(
    name,
    (world) => {
      const shares = [...Array(PEOPLE).keys()].map(addressOf).filter((address) => world.isShare(address));
      for (const [index, address] of shares.entries()) if (index % 2 === 0) world.tenant.addGuest(address);
      return Promise.all([world.requestAll(REQUESTS_OVER_MS), weather(world)]);
    },
    {
      shares: SHARES,
      graph: { sharing: {}, ...graph },
      complaints: (world) => {
        const [guestsMs, sharesMs] = [lastMailMs(world, false), lastMailMs(world, true)];
        return [
          ...(guestsMs > within.guestsMs ? [`the last guest was mailed after ${guestsMs} ms`] : []),
          ...(sharesMs > within.sharesMs ? [`the last share was mailed after ${sharesMs} ms`] : []),
        ];
      },
    },
  );

/** Other apps share so much that SharePoint refuses every second call of everybody. */
async function otherSharing({ clock, tenant, weather }: World): Promise<void> {
  const untilMs = clock.nowMs() + 10 * MINUTE_MS;
  while (clock.nowMs() < untilMs) {
    tenant.shareElsewhere();
    weather.faults += 1;
    await clock.sleep(500);
  }
}

export const storms: Storm[] = [
  throttled(PEOPLE),
  besideEachOther(
    'shares refused beside guests',
    { guestsMs: 5 * MINUTE_MS, sharesMs: 2 * HOUR_MS },
    { sharing: { calls: { burst: 5 } } },
    otherSharing,
  ),
  besideEachOther(
    'guests refused beside shares: another app takes half of 30/s',
    { guestsMs: 10 * MINUTE_MS, sharesMs: HOUR_MS },
    { throttle: { ratePerSecond: 30, burst: 150, refusedCallsCount: true } },
    (world) => otherApp(world, 15, 10 * MINUTE_MS),
  ),
  storm(
    '503 with Retry-After, 7 of 10 for 5 min',
    whileRequested((world) =>
      faultyGraph(world, { probability: 0.7, forMs: 5 * MINUTE_MS, fault: () => ({ status: 503, retryAfter: 20 }) }),
    ),
  ),
  storm(
    '503 without Retry-After, half for 5 min, half of those mailed',
    whileRequested((world) =>
      faultyGraph(world, {
        probability: 0.5,
        forMs: 5 * MINUTE_MS,
        fault: () => ({ status: 503, after: world.random() < 0.5 }),
      }),
    ),
    { graph: { directoryLagMs: LAG_MS } },
  ),
  storm(
    'every table write loses its answer',
    async (world) => {
      loseEveryTableAnswer(world);
      await world.requestAll(REQUESTS_OVER_MS);
    },
    { mostHeldMs: 5_000 },
  ),
  storm(
    'every Graph call loses its answer once',
    async (world) => {
      loseEveryGraphAnswer(world);
      await world.requestAll(REQUESTS_OVER_MS);
    },
    { graph: { directoryLagMs: LAG_MS } },
  ),
  storm(
    '1,000 unreadable hints among the good',
    whileRequested((world) => unreadableHints(world, 1_000, REQUESTS_OVER_MS)),
  ),
  storm('broker restarted ten times, once wiped', whileRequested(brokerRestarts), {
    // A hint is given up after a second.
    mostHeldMs: 1_500,
  }),
  storm(
    'Tables away for 60 s',
    whileRequested(async (world) => {
      await world.clock.sleep(10_000);
      await tablesAway(world, MINUTE_MS);
    }),
    // Half a minute for an outcome that is known nowhere else, and what the tries themselves take.
    { mostHeldMs: 30_000 },
  ),
  storm('token refused for an hour', whileRequested(tokenRefused)),
  storm(
    'five timers at once',
    whileRequested((world) => {
      world.timers.atOnce = 5;
      world.weather.faults += 1;
      return Promise.resolve();
    }),
  ),
  storm('three days without a timer', threeDaysWithoutTimer, {
    settings: { REMIND_AFTER: 'P1D,P2D' },
    mailsEach: 2,
    complaints: ({ server }) => withoutSkippedReminder(server),
  }),
  storm('clock set 10 min ahead', jumping(10 * MINUTE_MS), { graph: { directoryLagMs: LAG_MS } }),
  storm('clock set 10 min back', jumping(-10 * MINUTE_MS), { graph: { directoryLagMs: LAG_MS } }),
];
