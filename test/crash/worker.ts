import { writeSync } from 'node:fs';
import { ServiceBusClient } from '@azure/service-bus';
import type { Services } from '../../shared/clients';
import { openAdapters } from '../../shared/clients/adapters';
import { connect } from '../../shared/clients/connect';
import { decideResend, decideRevoke } from '../../shared/domain/decisions';
import { decideConfirmSent, decideRetry } from '../../shared/domain/operatorDecisions';
import { fromMessage } from '../../shared/queue/hints';
import { readSettings } from '../../shared/settings';
import type { Blow, Order, Side, Sign, Told } from './orders';
import { type Watch, watching, withSeams } from './seams';

/*
 * A worker process of the crash tests: the product's workflow over its own adapters, which it kills or freezes itself
 * before or after a chosen effect. Standard output tells which effects were reached; orders come from the parent.
 */

let blow: Blow | undefined;
const reached = new Map<string, number>();
let inHand = 0;

/** Written at once and not by way of the event loop, so that nothing is lost when the process dies in the next line. */
const tell = (sign: Sign): void => void writeSync(1, `${JSON.stringify(sign)}\n`);

function reach(seam: string, side: Side, nth: number): void {
  const isHere = blow?.seam === seam && blow.nth === nth && blow.side === side;
  if (!blow || !isHere) {
    tell({ seam, nth, side });
    return;
  }
  const { kind } = blow;
  blow = undefined;
  tell({ seam, nth, side, blow: kind });
  process.kill(process.pid, kind === 'kill' ? 'SIGKILL' : 'SIGSTOP');
}

const watch: Watch = {
  before: (seam) => {
    const nth = (reached.get(seam) ?? 0) + 1;
    reached.set(seam, nth);
    reach(seam, 'before', nth);
    return nth;
  },
  after: (seam, nth) => reach(seam, 'after', nth),
  between: (seam, nth) => reach(seam, 'between', nth),
};

let services: Services | undefined;

async function start(settings: Record<string, string>): Promise<Told> {
  const read = readSettings(settings);
  services = connect(read, withSeams(await openAdapters(read), watch));
  receive(services, read.ServiceBusConnection ?? '', read.INVITATIONS_QUEUE);
  return { type: 'started' };
}

/** As the functions host does it: a message is completed when its look is over, and comes again when its lock runs out. */
function receive({ advanceInvitation }: Services, connectionString: string, queue: string): void {
  const receiver = new ServiceBusClient(connectionString).createReceiver(queue, { maxAutoLockRenewalDurationInMs: 0 });
  const around = watching(watch);
  receiver.subscribe(
    {
      processMessage: async (message) => {
        inHand += 1;
        try {
          const hint = fromMessage(message.body);
          if (hint.ok) await advanceInvitation(hint.id, hint.wakeUp, message.enqueuedTimeUtc?.toISOString());
          await around('settle', () => receiver.completeMessage(message)).catch(() => undefined);
        } finally {
          inHand -= 1;
        }
      },
      processError: () => Promise.resolve(),
    },
    { autoCompleteMessages: false, maxConcurrentCalls: 4 },
  );
}

async function carryOut(order: Order): Promise<unknown> {
  if (order.type === 'start') return start(order.settings);
  if (!services) throw new Error('The worker was not started.');
  switch (order.type) {
    case 'arm':
      blow = order.blow;
      reached.clear();
      return undefined;
    case 'request': {
      const { body, key: idempotencyKey } = order;
      const result = await services.requestInvitation({ body, caller: 'crash', idempotencyKey });
      if (result.type !== 'accepted') return { type: result.type } satisfies Told;
      return { type: 'accepted', id: result.stored.invitation.id, status: result.status } satisfies Told;
    }
    case 'decide':
      return decide(order, services);
    case 'patch': {
      const { id, body, key: idempotencyKey } = order;
      const asked = { id, action: 'patch', caller: 'crash', idempotencyKey, fingerprint: id };
      return { type: (await services.patchInvitation(asked, body)).type } satisfies Told;
    }
    case 'tick':
      return services.wakeInvitations();
    case 'sync':
      return services.syncRedemptions();
    case 'isIdle':
      return inHand === 0;
  }
}

async function decide(order: Order & { type: 'decide' }, { decide: carry, policy }: Services): Promise<Told> {
  const { action, id, key: idempotencyKey } = order;
  const result = await carry({ id, action, caller: 'crash', idempotencyKey, fingerprint: id }, (invitation, now) => {
    switch (action) {
      case 'resend':
        return decideResend(invitation, 'crash', now);
      case 'revoke':
        return decideRevoke(invitation, 'crash', now, policy);
      case 'retry':
        return decideRetry(invitation, 'crash', now);
      case 'confirmSent':
        return decideConfirmSent(invitation, 'crash', now, policy);
    }
  });
  return { type: result.type };
}

process.on('message', ({ number, order }: { number: number; order: Order }) => {
  carryOut(order).then(
    (answer) => process.send?.({ number, answer }),
    (error: unknown) => process.send?.({ number, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
