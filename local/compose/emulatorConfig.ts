/** A queue of infra/queues.json: the same file makes the queues in Azure and in Microsoft's emulator. */
export interface Queue {
  name: string;
  properties: {
    lockDuration: string;
    maxDeliveryCount: number;
    deadLetteringOnMessageExpiration: boolean;
    requiresDuplicateDetection: boolean;
    requiresSession: boolean;
  };
}

/** The longest that the emulator takes, below what the queues have in Azure; shorter ones only forget sooner. */
const EMULATOR = { DefaultMessageTimeToLive: 'PT1H', DuplicateDetectionHistoryTimeWindow: 'PT5M' };

/**
 * The emulator's Config.json. Its namespace has to be named `sbemulatorns`.
 * @see https://github.com/Azure/azure-service-bus-emulator-installer/blob/main/ServiceBus-Emulator/Schema/Config-schema.json
 */
export const emulatorConfig = (queues: Queue[]) => ({
  UserConfig: {
    Namespaces: [{ Name: 'sbemulatorns', Queues: queues.map(toEmulator), Topics: [] }],
    Logging: { Type: 'Console' },
  },
});

const toEmulator = ({ name, properties }: Queue) => ({
  Name: name,
  Properties: {
    ...EMULATOR,
    LockDuration: properties.lockDuration,
    MaxDeliveryCount: properties.maxDeliveryCount,
    DeadLetteringOnMessageExpiration: properties.deadLetteringOnMessageExpiration,
    RequiresDuplicateDetection: properties.requiresDuplicateDetection,
    RequiresSession: properties.requiresSession,
    ForwardTo: '',
    ForwardDeadLetteredMessagesTo: '',
  },
});
