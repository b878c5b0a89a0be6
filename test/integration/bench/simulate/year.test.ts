import { type YearOptions, openAtEnd, simulateYear } from '../../../../bench/simulate/year';
import { COSTS } from './support';

const HOURS = new Array<number>(24).fill(1);
const PROFILE = {
  invitations: 160,
  hourWeights: HOURS,
  weekdayWeights: [1, 1, 1, 1, 1, 1, 1],
  redeemedShare: 0.5,
  redemptionMedianHours: 20,
  redemptionP99Hours: 500,
};
const simulate = ({ profile, ...more }: Partial<Omit<YearOptions, 'profile'>> & { profile?: object } = {}) =>
  simulateYear({ profile: { ...PROFILE, ...profile }, lives: 80, seed: 1, ...more }, COSTS);
const sum = (days: number[]) => days.reduce((total, count) => total + count, 0);

describe('simulateYear', () => {
  it('keeps count of everybody: invited = open + accepted + expired, and each is weighted', () => {
    const year = simulate();
    const { accepted = 0, expired = 0 } = year.statuses;
    expect(openAtEnd(year) + accepted + expired).toBe(80);
    expect(year.weight).toBe(2);
    expect(sum(year.days.requested)).toBe(160);
    expect(sum(year.days.sent)).toBe(160);
    expect(year.days.open.at(-1)).toBe(2 * openAtEnd(year));
    expect(sum(year.days.redeemed)).toBe(2 * accepted);
  });

  it('reminds nobody who redeems within three days, and looks at nobody twice', () => {
    const year = simulate({ profile: { redeemedShare: 1, redemptionMedianHours: 2, redemptionP99Hours: 10 } });
    expect(sum(year.days.reminded)).toBe(0);
    expect(sum(year.days.checked)).toBe(0);
    expect(sum(year.days.expired)).toBe(0);
    expect(year.statuses).toEqual({ accepted: 80 });
  });

  it('reminds who never redeems by the settings, looks daily for sixty days, and expires them', () => {
    // All on the first Monday of their week, so that those of the first weeks live through all of it.
    const year = simulate({ profile: { redeemedShare: 0, weekdayWeights: [1, 0, 0, 0, 0, 0, 0] } });
    const early = sum(year.days.requested.slice(0, 300));
    expect(sum(year.days.reminded)).toBeGreaterThanOrEqual(2 * early);
    expect(sum(year.days.reminded)).toBeLessThanOrEqual(2 * 160);
    expect(sum(year.days.expired)).toBeGreaterThanOrEqual(early);
    expect(year.statuses.expired).toBe(sum(year.days.expired) / 2);
    // Thirty looks while it is open but for the day of its expiry, thirty after.
    expect(sum(year.days.checked)).toBeGreaterThan(57 * early);
    expect(sum(year.days.checked)).toBeLessThanOrEqual(60 * 160);
    const once = simulate({ profile: { redeemedShare: 0 }, settings: { REMIND_AFTER: 'P3D' } });
    expect(sum(once.days.reminded)).toBeLessThanOrEqual(160);
  });

  it('keeps as many open as come in within the time that each stays open (Little’s law)', () => {
    const year = simulate({
      lives: 750,
      profile: { invitations: 1500, redeemedShare: 0 },
      settings: { EXPIRE_AFTER: 'P10D', CHECK_REDEMPTION_EVERY: 'P30D' },
    });
    const settled = year.days.open.slice(28);
    const mean = sum(settled) / settled.length;
    // 1,500 in 364 days, each open for ten days: 41.2.
    expect(mean).toBeGreaterThan(37);
    expect(mean).toBeLessThan(45);
  });

  it('has in its tables what whole lives were measured to leave', () => {
    const year = simulate({ profile: { redeemedShare: 1, redemptionMedianHours: 2, redemptionP99Hours: 10 } });
    // Pending, and what a redemption adds.
    expect(year.stored.entities.at(-1)).toBe(160 * (9 + 1));
    expect(year.stored.bytes.at(-1)).toBe(160 * (900 + 100));
  });

  it('spreads arrivals as the profile says, and erases by RETAIN_DAYS', () => {
    const year = simulate({
      profile: {
        redeemedShare: 1,
        redemptionMedianHours: 1,
        redemptionP99Hours: 2,
        weekdayWeights: [0, 0, 1, 0, 0, 0, 0],
      },
      settings: { RETAIN_DAYS: '14' },
    });
    expect(year.days.requested.filter((count, day) => count > 0 && day % 7 !== 2)).toEqual([]);
    const closed = sum(year.days.requested.slice(0, 364 - 15));
    expect(sum(year.days.erased)).toBeGreaterThanOrEqual(closed);
  });

  it('gives the same for the same seed, and something else for another', () => {
    expect(simulate()).toEqual(simulate());
    expect(simulate({ seed: 2 }).days.redeemed).not.toEqual(simulate().days.redeemed);
  });
});
