import type { HttpRoute } from './httpRoutes';
import type { QueueReceiver } from './serviceBusTrigger';
import type { Timer } from './timerTrigger';

export interface FunctionDescription {
  name: string;
  trigger: string;
  /** What sets it off, in words: methods and route, queue, or schedule. */
  detail: string;
  route?: string;
  methods?: string[];
}

export function describeRoute({ hosted, path }: HttpRoute): FunctionDescription {
  const { methods } = hosted.trigger;
  return { name: hosted.name, trigger: 'http', detail: `${methods.join(',')} ${path}`, route: path, methods };
}

export function describeQueue({ name, queueName }: QueueReceiver): FunctionDescription {
  return { name, trigger: 'serviceBus', detail: `queue ${queueName}` };
}

export function describeTimer({ name, schedule }: Timer): FunctionDescription {
  return { name, trigger: 'timer', detail: `schedule ${schedule}` };
}
