import { type Status, phaseOf } from '../../shared/domain/invitation';
import type { Profile } from './inputs';
import { type LifeEvent, live } from './life';
import { idOf, productWith } from './product';
import { logNormal, makeRandom, weighted } from './random';
import type { Steps } from './steps';
import type { Stored } from './tenant';

export interface YearOptions {
  profile: Profile['year'];
  /** So many are lived through one by one; each stands for as many as the profile has more. */
  lives: number;
  seed: number;
  /** More settings than the product's defaults, such as REMIND_AFTER. */
  settings?: Record<string, string>;
}

export interface Year {
  lives: number;
  /** Invitations that each life stands for. */
  weight: number;
  /** Of lives, at the end of the year. */
  statuses: Partial<Record<Status, number>>;
  /** Day by day, weighted. */
  days: Record<LifeEvent | 'open', number[]>;
  /** All wake-ups of the year, weighted. */
  wakeUps: number;
  /** Wake-ups that are due at a tick, weighted: all of the year's ticks in rising order. */
  tick: { median: number; p99: number; most: number };
  /** Entities and bytes of all tables at the end of each day. */
  stored: { entities: number[]; bytes: number[] };
}

const DAYS = 364;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** A Monday. */
const START_MS = Date.parse('2026-03-02T00:00:00.000Z');
const SYNC_EVERY_MS = 5 * 60_000;
const EVENTS: LifeEvent[] = ['requested', 'sent', 'reminded', 'checked', 'redeemed', 'expired', 'erased'];

/** Fifty-two weeks of a tenant, from empty tables on. Lives don't meet: at this pace none waits for another at the gate. */
export function simulateYear({ profile, lives, seed, settings }: YearOptions, { stored }: Pick<Steps, 'stored'>): Year {
  const random = makeRandom(seed);
  const product = productWith(settings);
  const weight = profile.invitations / lives;
  const hour = weighted(random, profile.hourWeights);
  const weekday = weighted(random, profile.weekdayWeights);
  const redeemsAfterHours = logNormal(random, profile.redemptionMedianHours, profile.redemptionP99Hours);
  const days = Object.fromEntries([...EVENTS, 'open'].map((event) => [event, zeros()])) as Year['days'];
  const [entities, bytes] = [zeros(), zeros()];
  const dueAt = new Float64Array((DAYS * DAY_MS) / product.tickMs);
  const statuses: Year['statuses'] = {};
  const grows = growthOf(stored);

  for (let nth = 0; nth < lives; nth += 1) {
    const day = 7 * random.below(DAYS / 7) + weekday();
    const open = { isOpen: false };
    const status = live(
      product,
      {
        id: idOf(nth, 0),
        requestedAtMs: START_MS + day * DAY_MS + hour() * HOUR_MS + random.below(HOUR_MS),
        redeemsAfterMs: random.uniform() < profile.redeemedShare ? redeemsAfterHours() * HOUR_MS : undefined,
        untilMs: START_MS + DAYS * DAY_MS,
        syncEveryMs: SYNC_EVERY_MS,
      },
      (event, atMs, isWakeUp) => {
        const at = Math.floor((atMs - START_MS) / DAY_MS);
        add(days[event], at, weight);
        add(entities, at, weight * grows[event].entities);
        add(bytes, at, weight * grows[event].bytes);
        if (isWakeUp) add(dueAt, Math.floor((atMs - START_MS) / product.tickMs), weight);
        const change = changeOfOpen(event, open.isOpen);
        open.isOpen = change === 0 ? open.isOpen : change > 0;
        add(days.open, at, weight * change);
      },
    );
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  return {
    lives,
    weight,
    statuses,
    days: { ...days, open: summed(days.open) },
    wakeUps: dueAt.reduce((sum, count) => sum + count, 0),
    tick: ticksOf(dueAt),
    stored: { entities: summed(entities), bytes: summed(bytes) },
  };
}

const zeros = (): number[] => new Array<number>(DAYS).fill(0);

function add(to: number[] | Float64Array, at: number, count: number): void {
  to[at] = (to[at] ?? 0) + count;
}

/** A late redemption closes nothing: an expired invitation is closed already. */
function changeOfOpen(event: LifeEvent, isOpen: boolean): number {
  if (event === 'requested') return 1;
  return isOpen && (event === 'redeemed' || event === 'expired') ? -1 : 0;
}

/** Adds up: what was counted as changes becomes how it stands. */
function summed(changes: readonly number[]): number[] {
  let total = 0;
  return changes.map((change) => (total += change));
}

function ticksOf(dueAt: Float64Array): Year['tick'] {
  const sorted = dueAt.sort();
  const at = (percent: number) => sorted[Math.floor(((sorted.length - 1) * percent) / 100)] ?? 0;
  return { median: at(50), p99: at(99), most: at(100) };
}

/** What an event adds to the tables, from what whole lives were measured to hold; a redemption after one reminder or none. */
function growthOf(stored: Steps['stored']): Record<LifeEvent, Stored> {
  const less = (a: Stored, b: Stored, times = 1): Stored => ({
    entities: a.entities - times * b.entities,
    bytes: a.bytes - times * b.bytes,
  });
  const reminder = less(stored.reminded, stored.pending);
  return {
    requested: stored.queued,
    sent: less(stored.pending, stored.queued),
    reminded: reminder,
    checked: { entities: 0, bytes: 0 },
    redeemed: less(stored.accepted, stored.reminded),
    // That life was reminded twice.
    expired: less(less(stored.expired, stored.pending), reminder, 2),
    erased: less(stored.erased, stored.expired),
  };
}

/** Those that are open, of all there are at the end. */
export const openAtEnd = ({ statuses }: Year): number =>
  Object.entries(statuses)
    .filter(([status]) => phaseOf(status as Status) === 'open')
    .reduce((total, [, count]) => total + count, 0);
