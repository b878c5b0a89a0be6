import { simulateTenants } from '../../../../bench/simulate/manyTenants';
import { COSTS, WORLD } from './support';

const TENANTS = {
  count: 4,
  invitationsMedian: 40,
  invitationsP99: 120,
  startHour: 9,
  startSpreadMinutes: 0.01,
  utcOffsetHours: [0],
};
const simulate = (tenants: object) =>
  simulateTenants({ ...WORLD, perSecond: 30, tenants: { ...TENANTS, ...tenants } }, COSTS);

describe('simulateTenants', () => {
  it('accepts all who are invited, and costs tenants in one zone the same as if all were at once', async () => {
    const { invited, accepted, staggered, atOnce, timersTogether } = await simulate({});
    expect(accepted).toBe(invited);
    expect(staggered).toEqual(atOnce);
    expect(timersTogether).toBe(4 * (32 + 16 + 1));
  });

  it('adds up those who start together', async () => {
    const together = await simulate({});
    const apart = await simulate({ count: 2, utcOffsetHours: [-8, 8], startSpreadMinutes: 1 });
    expect(together.staggered.requestsPeak).toBeGreaterThan(together.apart.requests);
    expect(apart.staggered.requestsPeak).toBeLessThanOrEqual(apart.atOnce.requestsPeak);
    expect(together.staggered.requestsPeak).toBeLessThanOrEqual(4 * together.apart.requests);
  });

  it('counts the seconds in which one account would be asked for too much, by timers alone', async () => {
    const dear = {
      ...COSTS,
      timers: {
        ...COSTS.timers,
        wakeInvitations: { requests: { Invitations: { query: 6000 } }, entities: 0, messages: 0 },
      },
    };
    const { staggered } = await simulateTenants({ ...WORLD, perSecond: 30, tenants: TENANTS }, dear);
    // Four times 6,017 in the first second of each minute of sixty hours.
    expect(staggered.secondsOverAccount).toBe(60 * 60);
    const { staggered: cheap } = await simulate({});
    expect(cheap.secondsOverAccount).toBe(0);
  });
});
