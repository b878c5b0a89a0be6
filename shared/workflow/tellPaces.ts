import { type GatePace, paceAt } from '../domain/gate';
import type { Limit } from '../domain/request';
import type { Instant } from '../domain/time';
import type { Gate } from '../graph/gate';
import { logEvent } from '../telemetry/log';
import { measure } from '../telemetry/metrics';

/** Those of one gate each; a mailed share goes by two. */
type Paced = Exclude<Limit, 'mailedShares'>;

export interface PaceParts {
  gates: Record<Paced, Pick<Gate, 'read'>>;
  paces: Record<Paced, GatePace>;
  now: () => Instant;
}

/** Tells what each of Graph's limits lets through now, for all instances together: one read each. Throws `TablesUnavailableError`. */
export const makeTellPaces =
  ({ gates, paces, now }: PaceParts) =>
  async (): Promise<void> => {
    for (const limit of ['invitations', 'shares', 'linkedIn'] as const) {
      const state = await gates[limit].read();
      const perSecond = Math.round(100 * paceAt(state, now(), paces[limit])) / 100;
      const isClosed = state.closedUntil > now();
      const closed = isClosed ? `, closed until ${state.closedUntil}` : '';
      const closedUntil = isClosed ? state.closedUntil : undefined;
      logEvent('gatePace', `Pace of ${limit}: ${perSecond} a second${closed}.`, { limit, perSecond, closedUntil });
      measure('gate.pace', isClosed ? 0 : perSecond, { limit });
    }
  };
