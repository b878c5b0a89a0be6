import { TableClient, type TransactionAction } from '@azure/data-tables';
import { app } from '@azure/functions';
import { ServiceBusClient } from '@azure/service-bus';
import { tellParent } from '../ingest/child';
import { type Told, machineMs } from './moments';

/**
 * Loaded beside the functions, tells its parent when an invitation passes each moment: the product is as it is, and only
 * what it calls is listened to. One invitation is under way at a time, so none needs a name.
 */
const tell = (what: Told['what']): void => {
  const told: Told = { what, atMs: machineMs() };
  tellParent(told);
};

const BEGINS: Partial<Record<string, Told['what']>> = { requestInvitation: 'accepted', advanceInvitation: 'received' };

app.hook.preInvocation(({ invocationContext }) => {
  const begun = BEGINS[invocationContext.functionName];
  if (begun) tell(begun);
});

/** What a transaction is for: a person's lock comes with an intent and goes with its outcome. */
function purposeOf(actions: TransactionAction[]): 'request' | 'intent' | 'outcome' | undefined {
  if (actions[0]?.[0] === 'create') return 'request';
  const lock = actions.find(([, { rowKey }]) => rowKey.startsWith('l-'));
  return lock && (lock[0] === 'create' ? 'intent' : 'outcome');
}

const ANSWERED = { request: 'stored', intent: 'intentWritten', outcome: 'settled' } as const;

type Submit = TableClient['submitTransaction'];

const listenedTo =
  (submit: Submit): Submit =>
  async (actions, ...rest) => {
    const purpose = purposeOf(actions);
    if (purpose === 'intent') tell('tokenTaken');
    const answer = await submit(actions, ...rest);
    if (purpose) tell(ANSWERED[purpose]);
    return answer;
  };

/** The product gives each of its clients a way of its own to write transactions (shared/tables/submitTransaction.ts). */
Object.defineProperty(TableClient.prototype, 'submitTransaction', {
  set(this: TableClient, submit: Submit) {
    Object.defineProperty(this, 'submitTransaction', { value: listenedTo(submit) });
  },
});

// Given back to its own object below.
// eslint-disable-next-line @typescript-eslint/unbound-method
const { createSender } = ServiceBusClient.prototype;
ServiceBusClient.prototype.createSender = function (this: ServiceBusClient, ...given) {
  const sender = createSender.apply(this, given);
  const send = sender.sendMessages.bind(sender);
  sender.sendMessages = async (...messages) => {
    await send(...messages);
    tell('hinted');
  };
  return sender;
};

const originalFetch = globalThis.fetch;
globalThis.fetch = async (...given) => {
  const isLookUp = (given[1]?.method ?? 'GET') === 'GET';
  tell(isLookUp ? 'lookingUp' : 'graphCalled');
  const answer = await originalFetch(...given);
  if (isLookUp) tell('lookedUp');
  return answer;
};
