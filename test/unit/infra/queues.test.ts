import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { emulatorConfig } from '../../../local/compose/emulatorConfig';
import { durationMs } from '../../../shared/domain/time';
import { readInfra, readJson } from '../../support/bicep';
import { type Queue, defaultsOf, writtenIn } from '../../support/bicepSettings';

const ROOT = join(__dirname, '../../..');
const QUEUES = readJson('infra/queues.json') as Queue[];
const HOST = readJson('host.json') as {
  functionTimeout: string;
  extensions: { serviceBus: { maxAutoLockRenewalDuration: string } };
};

interface Trigger {
  type: string;
  queueName?: string;
  connection?: string;
  schedule?: string;
}

const noted = new Map<string, Record<string, Trigger>>();

/** What the functions register while these settings hold: the triggers by the name of their function. */
function triggersUnder(settings: Record<string, string>): Record<string, Trigger> {
  const known = JSON.stringify(settings);
  const triggers = noted.get(known) ?? registeredUnder(settings);
  noted.set(known, triggers);
  return triggers;
}

function registeredUnder(settings: Record<string, string>): Record<string, Trigger> {
  const triggers: Record<string, Trigger> = {};
  const before = { ...process.env };
  Object.assign(process.env, settings);
  try {
    jest.isolateModules(() => {
      jest.doMock('@azure/functions-core', () => coreThatNotes(triggers), { virtual: true });
      // What the functions call is not asked for here, and is most of what they load.
      jest.doMock('../../../shared/clients', () => ({}));
      const files = readdirSync(join(ROOT, 'functions')).filter((name) => name.endsWith('.ts'));
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- anew for each test, with these settings
      for (const name of files) require(join(ROOT, 'functions', name));
    });
  } finally {
    process.env = before;
  }
  return triggers;
}

const coreThatNotes = (triggers: Record<string, Trigger>) => ({
  setProgrammingModel: () => undefined,
  registerHook: () => undefined,
  log: () => undefined,
  registerFunction: ({ name, bindings }: { name: string; bindings: Record<string, Trigger> }) => {
    const trigger = Object.values(bindings).find(({ type }) => type.endsWith('Trigger'));
    if (trigger) triggers[name] = trigger;
  },
});

const namesOf = (triggers: Record<string, Trigger>, type: string): string[] =>
  Object.values(triggers).flatMap((trigger) =>
    trigger.type === type ? (trigger.queueName ?? trigger.schedule ?? []) : [],
  );

/** "00:05:00" of host.json. */
function spanMs(span: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = span.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** Queues that no function listens to, or that a function listens to and nobody makes; by their settings, and without. */
function queueFaults(queues: Queue[]): string[] {
  const settings = Object.fromEntries(queues.map(({ setting }) => [setting, `named by ${setting}`]));
  return [
    ...differences(Object.values(settings), queuesListenedTo(settings)),
    ...differences(
      queues.map(({ name }) => name),
      queuesListenedTo({}),
    ),
  ];
}

const queuesListenedTo = (settings: Record<string, string>): string[] =>
  namesOf(triggersUnder(settings), 'serviceBusTrigger').map((name) => name.replace('/$DeadLetterQueue', ''));

const differences = (made: string[], listened: string[]): string[] => [
  ...made.filter((name) => !listened.includes(name)).map((name) => `no function listens to ${name}`),
  ...listened.filter((name) => !made.includes(name)).map((name) => `${name} is not in queues.json`),
];

/** A message has to stay locked for as long as its function may run. */
function lockFaults(queues: Queue[], host: typeof HOST): string[] {
  const timeoutMs = spanMs(host.functionTimeout);
  const tooShort = queues.filter(({ properties }) => durationMs(String(properties['lockDuration'])) < timeoutMs);
  return [
    ...tooShort.map(({ name }) => `${name} is locked for less than functionTimeout`),
    ...(spanMs(host.extensions.serviceBus.maxAutoLockRenewalDuration) < timeoutMs ? ['locks are not renewed'] : []),
  ];
}

/** Each schedule has to move one of the timers. */
function scheduleFaults(settings: string[]): string[] {
  const moved = Object.fromEntries(settings.map((name, at) => [name, `${at + 1} 0 0 1 1 *`]));
  const schedules = namesOf(triggersUnder(moved), 'timerTrigger');
  return settings.filter((name) => !schedules.includes(moved[name] ?? '')).map((name) => `${name} moves no timer`);
}

const schedulesOf = async (): Promise<string[]> =>
  Object.keys(defaultsOf(await readInfra())).filter((name) => name.endsWith('_SCHEDULE'));

describe('the queues of infra/queues.json', () => {
  it('are those that the functions listen to, by the settings that Bicep sets and by themselves', () => {
    expect(queueFaults(QUEUES)).toEqual([]);
  });

  it('lie behind the connection that Bicep sets', async () => {
    const connections = Object.values(triggersUnder({})).flatMap(({ connection }) => connection ?? []);
    expect([...new Set(connections)]).toEqual(['ServiceBusConnection']);
    expect(writtenIn(await readInfra(), 'resourceSettings')).toHaveProperty(
      'ServiceBusConnection__fullyQualifiedNamespace',
    );
  });

  it('keep a message locked for as long as its function may run', () => {
    expect(lockFaults(QUEUES, HOST)).toEqual([]);
  });

  it.each(QUEUES)('$name dead-letters what killed the host ten times, and nothing that is merely old', (queue) => {
    expect(queue.properties).toMatchObject({
      lockDuration: 'PT5M',
      maxDeliveryCount: 10,
      deadLetteringOnMessageExpiration: false,
      requiresDuplicateDetection: true,
      duplicateDetectionHistoryTimeWindow: 'PT10M',
    });
  });
});

describe('the schedules that Bicep sets', () => {
  it('each move a timer', async () => {
    const schedules = await schedulesOf();
    expect(schedules.length).toBeGreaterThanOrEqual(3);
    expect(scheduleFaults(schedules)).toEqual([]);
  });
});

describe('a planted fault is found:', () => {
  const [queue] = QUEUES as [Queue];

  it('a queue that nobody makes', () => {
    expect(queueFaults([])).toContain(`${queue.name} is not in queues.json`);
  });

  it('a queue that no function listens to', () => {
    const faults = queueFaults([...QUEUES, { ...queue, name: 'unheard-of', setting: 'UNHEARD_OF_QUEUE' }]);
    expect(faults).toEqual(['no function listens to named by UNHEARD_OF_QUEUE', 'no function listens to unheard-of']);
  });

  it('a lock that ends before the function may', () => {
    const short = { ...queue, properties: { ...queue.properties, lockDuration: 'PT1M' } };
    expect(lockFaults([short], HOST)).toEqual([`${queue.name} is locked for less than functionTimeout`]);
    expect(lockFaults(QUEUES, { ...HOST, functionTimeout: '00:10:00' })).toContain('locks are not renewed');
  });

  it('a schedule that moves no timer', async () => {
    expect(scheduleFaults([...(await schedulesOf()), 'UNHEARD_OF_SCHEDULE'])).toEqual([
      'UNHEARD_OF_SCHEDULE moves no timer',
    ]);
  });
});

describe('the Service Bus emulator', () => {
  it('is started with the same queues', () => {
    expect(readJson('local/compose/Config.json')).toEqual(emulatorConfig(QUEUES as never));
  });

  it('is given queues by the names and limits that it takes', () => {
    expect(emulatorConfig(QUEUES as never).UserConfig.Namespaces).toEqual([
      {
        Name: 'sbemulatorns',
        Topics: [],
        Queues: QUEUES.map(({ name }) => ({
          Name: name,
          Properties: {
            DefaultMessageTimeToLive: 'PT1H',
            DuplicateDetectionHistoryTimeWindow: 'PT5M',
            LockDuration: 'PT5M',
            MaxDeliveryCount: 10,
            DeadLetteringOnMessageExpiration: false,
            RequiresDuplicateDetection: true,
            RequiresSession: false,
            ForwardTo: '',
            ForwardDeadLetteredMessagesTo: '',
          },
        })),
      },
    ]);
  });

  it('and the other emulators can be reached from this machine only', () => {
    const compose = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')) as {
      services: Record<string, { ports?: string[] }>;
    };
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
    expect(ports.length).toBeGreaterThanOrEqual(4);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});
