import { z } from 'zod';
import type { Binding } from './coreTypes';
import type { RegisteredFunction } from './loadApp';

const common = { bindingName: z.string() };

/** The triggers this host fires, with the options it heeds. */
const triggerSchema = z.discriminatedUnion('type', [
  z.object({
    ...common,
    type: z.literal('httpTrigger'),
    authLevel: z.enum(['anonymous', 'function', 'admin']),
    methods: z.array(z.string().toUpperCase()),
    route: z.string().optional(),
  }),
  z.object({
    ...common,
    type: z.literal('serviceBusTrigger'),
    queueName: z.string({ error: 'a queueName is needed: topics are not supported by the local host' }),
    connection: z.string(),
    cardinality: z
      .literal('one', { error: 'batches (cardinality many) are not supported by the local host' })
      .optional(),
    isSessionsEnabled: z.literal(false, { error: 'sessions are not supported by the local host' }).optional(),
    autoCompleteMessages: z.boolean().optional(),
  }),
  z.object({
    ...common,
    type: z.literal('timerTrigger'),
    schedule: z.string(),
    runOnStartup: z.boolean().optional(),
  }),
]);

export type Trigger = z.infer<typeof triggerSchema>;
export type HttpTrigger = Extract<Trigger, { type: 'httpTrigger' }>;
export type ServiceBusTrigger = Extract<Trigger, { type: 'serviceBusTrigger' }>;
export type TimerTrigger = Extract<Trigger, { type: 'timerTrigger' }>;

/** A function this host can run; `T` is its kind of trigger. */
export interface HostedFunction<T extends Trigger = Trigger> extends RegisteredFunction {
  name: string;
  trigger: T;
}

/**
 * Reads a registration.
 *
 * @throws Error when the function needs anything this host does not do: a binding that is silently left out would make
 * the function behave differently here and in Azure.
 */
export function toHostedFunction({ metadata, callback }: RegisteredFunction): HostedFunction {
  const { name } = metadata;
  for (const [bindingName, binding] of Object.entries(metadata.bindings)) {
    if (!isTrigger(binding) && !isHttpAnswer(binding)) {
      throw new Error(
        `Function "${name}" has the binding "${bindingName}" of type ${binding.type}: the local host runs triggers and HTTP answers only.`,
      );
    }
  }
  const [bindingName, binding] = Object.entries(metadata.bindings).find(([, candidate]) => isTrigger(candidate)) ?? [];
  const parsed = triggerSchema.safeParse({ ...binding, bindingName });
  if (!parsed.success)
    throw new Error(`Function "${name}" cannot be run by the local host: ${z.prettifyError(parsed.error)}`);
  // For other triggers Azure does not heed it either.
  if (parsed.data.type === 'timerTrigger' && metadata.retryOptions !== undefined) {
    throw new Error(`Function "${name}" has a retry policy, which the local host does not support.`);
  }
  return { name, metadata, callback, trigger: parsed.data };
}

export function isHttp(candidate: HostedFunction): candidate is HostedFunction<HttpTrigger> {
  return candidate.trigger.type === 'httpTrigger';
}

export function isServiceBus(candidate: HostedFunction): candidate is HostedFunction<ServiceBusTrigger> {
  return candidate.trigger.type === 'serviceBusTrigger';
}

export function isTimer(candidate: HostedFunction): candidate is HostedFunction<TimerTrigger> {
  return candidate.trigger.type === 'timerTrigger';
}

function isTrigger(binding: Binding): boolean {
  return binding.type.toLowerCase().endsWith('trigger');
}

function isHttpAnswer(binding: Binding): boolean {
  return binding.type.toLowerCase() === 'http' && binding.direction === 'out';
}
