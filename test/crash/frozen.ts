import { randomUUID } from 'node:crypto';
import { policyOf } from '../../shared/clients/policyOf';
import type { Status } from '../../shared/domain/invitation';
import { readSettings } from '../../shared/settings';
import { waitFor } from '../support/waitFor';
import type { Side, Told } from './orders';
import type { Stack } from './stack';
import { type Worker, WorkerDied } from './workerProcess';

/** Here time is real, because a frozen process goes by its own clock: short, with room for a busy machine in the lease. */
const SHORT = { GRAPH_CALL_TIMEOUT: 'PT0.6S', SEND_LEASE: 'PT2.4S', RESOLVE_AFTER: 'PT0.3S' };
const PATIENCE_MS = 30_000;

export interface Frozen {
  mode: 'strict' | 'reconcile';
  seam: string;
  side: Side;
}

export interface Thawed {
  status: Status;
  mails: number;
  /** Sends that are recorded as such. */
  sends: number;
  findings: string[];
}

/**
 * One worker is frozen in the middle of a first send; another finds the intent, waits until it may be resolved, and goes
 * on; then the first one is let run. What is left when both are done?
 */
export async function freeze(stack: Stack, hire: () => Worker, { mode, seam, side }: Frozen): Promise<Thawed> {
  const email = `f${randomUUID()}@fabrikam.example`;
  const settings = { ...stack.settings, ...SHORT, AMBIGUOUS_SENDS: mode };
  const policy = policyOf(readSettings(settings));
  const invitations = stack.invitations(policy);
  const request = {
    type: 'request',
    key: email,
    body: { invitedUserEmailAddress: email, reminders: { after: [] } },
  } as const;

  const first = hire();
  const second = hire();
  try {
    await first.ask({ type: 'start', settings });
    await first.ask({ type: 'arm', blow: { kind: 'freeze', seam, side, nth: 1 } });
    // It may be frozen before it has answered; the second worker then answers for it, by the same key.
    first.ask(request).catch(onlyDeath);
    await waitFor(() => first.takeSigns().some(({ blow }) => blow === 'freeze'), {
      timeoutMs: PATIENCE_MS,
      describe: `the worker to be frozen ${side} ${seam}`,
    });

    await second.ask({ type: 'start', settings });
    const { id } = await second.ask<Told>(request);
    if (id === undefined) throw new Error('The repeated request names no invitation.');
    const read = async () => (await invitations.read(id))?.invitation;
    await waitFor(
      async () => {
        await second.ask({ type: 'tick' });
        const invitation = await read();
        return invitation !== undefined && invitation.status !== 'queued' && !invitation.intent;
      },
      { timeoutMs: PATIENCE_MS, describe: 'the second worker to take over' },
    );

    first.thaw();
    await waitFor(
      async () => (await first.ask<boolean>({ type: 'isIdle' })) && second.ask<boolean>({ type: 'isIdle' }),
      {
        timeoutMs: PATIENCE_MS,
        describe: 'both workers to be done',
      },
    );
    const after = await read();
    if (!after) throw new Error(`Invitation ${id} is gone.`);
    const findings = await stack.findings(id, policy);
    return {
      status: after.status,
      mails: (await stack.mailsTo(email)).length,
      sends: after.sends.length,
      findings: findings.map(({ type, rowKey }) => `${type} ${rowKey}`),
    };
  } finally {
    await Promise.all([first.end(), second.end()]);
    stack.wipeBroker();
  }
}

function onlyDeath(error: unknown): void {
  if (!(error instanceof WorkerDied)) throw error;
}
