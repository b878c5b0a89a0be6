import { parseArgs } from 'node:util';
import type { Setup } from './ours';

export const USAGE = `npm run bench -- drain [--full] [--seed N]

How near to Graph's limit 5,000 queued invitations (800 at small size) get through, against what people use today.

With any of these it is one experiment instead, whose result is not kept:
  --workers N           processes, 4 unless told
  --known [PER_SECOND]  GRAPH_INVITATIONS_PER_SECOND, the limit unless told (the default)
  --unknown             GRAPH_INVITATIONS_PER_SECOND=auto; a second run follows that starts from what the gate learned
  --n N                 invitations, 1200 unless told
  --rate N --burst N    of the simulated limit, 40 a second and 5 seconds of it unless told
  --free                refused calls take no tokens
  --other-app           another app takes half of the limit in the middle third
  --silent              no Retry-After
  --concurrency N       in place of host.json's maxConcurrentCalls
  --set NAME=VALUE      a setting of the workers, as often as needed
  --runs N              1 unless told
  --json FILE           every run, with what was accepted, refused, queued and in the gate, second by second`;

export interface Experiment {
  setup: Setup;
  /** Two runs: what the gate has learned in the first is there in the second. */
  isLearned: boolean;
  runs: number;
  json: string | undefined;
}

export const perSecondOf = (limitPerSecond: number): string => String(limitPerSecond);

/** Undefined where the benchmark itself is asked for. Throws one sentence for what it can't read. */
export function readExperiment(args: string[], seed: number): Experiment | undefined {
  if (args.length === 0) return undefined;
  const { values } = parseArgs({ args: withKnownValue(args), options: OPTIONS, strict: true });
  const rate = numberOf('rate', values.rate);
  return {
    setup: {
      seed,
      workers: numberOf('workers', values.workers),
      invitations: numberOf('n', values.n),
      limit: { perSecond: rate, burst: values.burst === undefined ? 5 * rate : numberOf('burst', values.burst) },
      bucket: values.free ? 'free' : 'drain',
      hasOtherApp: values['other-app'],
      saysRetryAfter: !values.silent,
      perSecond: values.unknown ? 'auto' : values.known || perSecondOf(rate),
      settings: Object.fromEntries(values.set.map(settingOf)),
      ...(values.concurrency === undefined ? {} : { concurrency: numberOf('concurrency', values.concurrency) }),
    },
    isLearned: values.unknown,
    runs: numberOf('runs', values.runs),
    json: values.json,
  };
}

const OPTIONS = {
  workers: { type: 'string', default: '4' },
  known: { type: 'string', default: '' },
  unknown: { type: 'boolean', default: false },
  n: { type: 'string', default: '1200' },
  rate: { type: 'string', default: '40' },
  burst: { type: 'string' },
  free: { type: 'boolean', default: false },
  'other-app': { type: 'boolean', default: false },
  silent: { type: 'boolean', default: false },
  concurrency: { type: 'string' },
  set: { type: 'string', multiple: true, default: [] as string[] },
  runs: { type: 'string', default: '1' },
  json: { type: 'string' },
} as const satisfies NonNullable<Parameters<typeof parseArgs>[0]>['options'];

/** `--known` may stand alone; parseArgs has no such option. */
const withKnownValue = (args: string[]): string[] =>
  args.map((word, nth) => (word === '--known' && !/^\d/.test(args[nth + 1] ?? '') ? '--known=' : word));

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text !== '' && Number.isFinite(value) && value > 0) return value;
  throw new Error(`--${name} is "${text}": it should be a number above 0.`);
}

function settingOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new Error(`--set is "${text}": it should be NAME=VALUE.`);
}
