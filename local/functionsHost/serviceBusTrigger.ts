import {
  ServiceBusClient,
  type ProcessErrorArgs,
  type ServiceBusReceivedMessage,
  type ServiceBusReceiver,
} from '@azure/service-bus';
import type { HostJson } from './hostJson';
import type { Invoke, LogEntry } from './invoke';
import { toMessageInput, toMessageMetadata } from './rpcMessage';
import { makeSettlementLane, type SettlementLane } from './settlementLane';
import { toTraceContext } from './traceContext';
import type { HostedFunction, ServiceBusTrigger } from './triggers';
import type { WorkInHand } from './workInHand';

export interface QueueReceiver {
  name: string;
  queueName: string;
  start: () => void;
  /** No new messages from now on; those in hand can still be settled. */
  stop: () => Promise<void>;
  close: () => Promise<void>;
}

export interface QueueParts {
  queueName: string;
  connectionString: string;
  hostJson: HostJson['serviceBus'];
  invoke: Invoke;
  work: WorkInHand;
  onLog: (entry: LogEntry) => void;
}

/** The client's own pause between tries is 30 s; a broker on this machine is back sooner. */
const retryOptions = { maxRetries: 1, retryDelayInMs: 500, maxRetryDelayInMs: 500, timeoutInMs: 10_000 };

/**
 * Receives a queue's messages for a function: completes them when it succeeds, abandons them when it throws. The broker
 * dead-letters what came too often. An absent broker is waited for, from the start on and whenever it goes away.
 *
 * @throws Error when the connection string is none.
 */
export function makeQueueReceiver(hosted: HostedFunction<ServiceBusTrigger>, parts: QueueParts): QueueReceiver {
  const { queueName, hostJson } = parts;
  const client = new ServiceBusClient(parts.connectionString, { retryOptions });
  const receiver = client.createReceiver(queueName, {
    receiveMode: 'peekLock',
    skipParsingBodyAsJson: true,
    maxAutoLockRenewalDurationInMs: hostJson.maxAutoLockRenewalMs,
  });
  const handle = makeHandler(hosted, parts, receiver, makeSettlementLane());
  const outage = makeOutageLog(hosted.name, parts);
  const initialization = new AbortController();
  let subscription: { close: () => Promise<void> } | undefined;

  return {
    name: hosted.name,
    queueName,
    start: () => {
      subscription = receiver.subscribe(
        {
          processMessage: (message) => {
            outage.over();
            return parts.work.run(() => handle(message));
          },
          processError: (args) => {
            if (!initialization.signal.aborted) outage.report(args);
            return Promise.resolve();
          },
        },
        {
          autoCompleteMessages: false,
          maxConcurrentCalls: hostJson.maxConcurrentCalls,
          abortSignal: initialization.signal,
        },
      );
    },
    stop: async () => {
      initialization.abort();
      await subscription?.close();
    },
    close: () => client.close(),
  };
}

/** Never rejects: a message that cannot be settled comes back when its lock runs out. */
function makeHandler(
  hosted: HostedFunction<ServiceBusTrigger>,
  { invoke, hostJson, onLog }: QueueParts,
  receiver: ServiceBusReceiver,
  lane: SettlementLane,
): (message: ServiceBusReceivedMessage) => Promise<void> {
  const completes = hosted.trigger.autoCompleteMessages ?? hostJson.autoCompleteMessages;
  return async (message) => {
    const properties = message.applicationProperties;
    const hasSucceeded = await invoke(hosted, {
      input: toMessageInput(message),
      triggerMetadata: toMessageMetadata(message),
      traceContext: toTraceContext(properties?.['Diagnostic-Id'], properties?.['tracestate']),
    }).then(
      () => true,
      () => false,
    );
    try {
      if (!hasSucceeded) await lane('abandon', () => receiver.abandonMessage(message));
      else if (completes) await lane('complete', () => receiver.completeMessage(message));
    } catch (error) {
      const message = `A message could not be settled and will come again: ${String(error)}`;
      onLog({ level: 'warning', functionName: hosted.name, message });
    }
  };
}

/** One line when the broker is away, however often the client tries again, and one when messages come again. */
function makeOutageLog(functionName: string, { queueName, onLog }: QueueParts) {
  let isOut = false;
  return {
    report: ({ error, errorSource }: ProcessErrorArgs) => {
      if (errorSource === 'receive' && isOut) return;
      isOut ||= errorSource === 'receive';
      const what =
        errorSource === 'receive'
          ? `Queue ${queueName} cannot be reached, and is tried on`
          : `Queue ${queueName} (${errorSource})`;
      onLog({ level: 'warning', functionName, message: `${what}: ${error.message}` });
    },
    over: () => {
      if (!isOut) return;
      isOut = false;
      onLog({ level: 'information', functionName, message: `Queue ${queueName} is there again.` });
    },
  };
}
