import type { Limit } from '../domain/request';
import type { Gate } from '../graph/gate';
import { logEvent } from '../telemetry/log';
import { measure } from '../telemetry/metrics';

/** Those of one gate each; a mailed share goes by two. */
type Paced = Exclude<Limit, 'mailedShares'>;

export interface PaceParts {
  gates: Record<Paced, Pick<Gate, 'demand'>>;
}

/** Tells what each of Graph's limits lets through now, for all instances together: one read each. Throws `TablesUnavailableError`. */
export const makeTellPaces =
  ({ gates }: PaceParts) =>
  async (): Promise<void> => {
    for (const limit of ['invitations', 'shares', 'linkedIn'] as const) {
      const { perSecond: exact, closedUntil } = await gates[limit].demand();
      const perSecond = Math.round(100 * exact) / 100;
      const closed = closedUntil === undefined ? '' : `, closed until ${closedUntil}`;
      logEvent('gatePace', `Pace of ${limit}: ${perSecond} a second${closed}.`, { limit, perSecond, closedUntil });
      measure('gate.pace', closedUntil === undefined ? perSecond : 0, { limit });
    }
  };
