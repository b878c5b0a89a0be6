import { defaultBehaviour } from '../../../../local/graph/behaviour';
import { redeemAs } from '../../../../local/graph/redemption';
import type { Share } from '../../../../local/graph/shares';
import { createSimulation } from '../../../../local/graph/simulation';

const share: Share = {
  id: 'permission-1',
  itemPath: '/drives/1/root',
  shareId: 's!1',
  email: 'ann@fabrikam.com',
  grantedTo: null,
  roles: ['read'],
  requireSignIn: false,
  hasPassword: false,
  expirationDateTime: null,
  usedAt: null,
};

describe('redeemAs', () => {
  it('keeps the instants of the first time when the person comes again', () => {
    let now = Date.parse('2026-08-04T09:00:00Z');
    const simulation = createSimulation({
      baseUrl: 'http://127.0.0.1:7072',
      tenantDomain: 'contoso.com',
      behaviour: defaultBehaviour(),
      now: () => now,
      random: () => 0,
    });
    simulation.shares.put(share);
    const first = redeemAs(simulation, 'ann@fabrikam.com');
    now += 3_600_000;
    expect(redeemAs(simulation, 'ann@fabrikam.com')).toEqual(first);
    expect(first?.externalUserStateChangeDateTime).toBe('2026-08-04T09:00:00Z');
    expect(simulation.shares.find('permission-1')).toMatchObject({
      usedAt: '2026-08-04T09:00:00Z',
      grantedTo: { id: first?.id, displayName: 'ann' },
    });
  });
});
