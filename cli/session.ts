import { setTimeout as sleep } from 'node:timers/promises';
import { type CallApi, makeCallApi } from './api/callApi';
import { type Credential, entraCredential, keyCredential } from './api/credential';
import { readEndpoint } from './api/endpoint';
import { type Invitations, makeInvitations } from './api/invitations';
import { usageFault } from './cliFault';
import type { Place } from './people/source';
import type { Terminal } from './screen/terminal';
import { shellQuoted, shortDuration } from './screen/text';

/** Flags of every command. */
export interface GlobalOptions {
  url: string;
  key?: string;
  entra?: boolean;
  scope?: string;
  json?: boolean;
}

/** What a command is given to do its work. */
export interface Session {
  terminal: Terminal;
  place: Place;
  isJson: boolean;
  signal: AbortSignal;
  nowMs: () => number;
  /** Rejects at Ctrl-C. */
  sleep: (ms: number) => Promise<void>;
  call: CallApi;
  invitations: Invitations;
  /** Where waiting is told: a progress takes it over while it runs. */
  tell: { line: (line: string) => void };
  /** The command as it was typed, without its secrets, for a person to repeat. */
  again: string;
}

export interface Surroundings {
  terminal: Terminal;
  env: NodeJS.ProcessEnv;
  folder: string;
  /** What was typed behind the program's name. */
  typed: string[];
  signal: AbortSignal;
}

export function openSession(options: GlobalOptions, { terminal, env, folder, typed, signal }: Surroundings): Session {
  const { baseUrl, key } = readEndpoint(options.url);
  const tell = { line: terminal.say };
  const call = makeCallApi({
    baseUrl,
    credential: credentialOf(options, key),
    signal,
    sleep: (ms) => sleepUntilStopped(ms, signal),
    onWait: (ms, why) => tell.line(`Waiting ${shortDuration(ms)}: ${why}.`),
  });
  const onTerminalInput = (): void => terminal.say('Reading from the terminal; end with Ctrl-D.');
  return {
    terminal,
    place: { folder, onTerminalInput, signal },
    isJson: options.json === true,
    signal,
    nowMs: () => performance.now(),
    sleep: (ms) => sleepUntilStopped(ms, signal),
    call,
    invitations: makeInvitations(call),
    tell,
    again: `${programName(env)} ${withoutSecrets(typed).join(' ')}`,
  };
}

/** Rejects with the signal's own reason, as a call does that it breaks off. */
const sleepUntilStopped = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });

function credentialOf({ entra, scope, key }: GlobalOptions, keyOfUrl: string | undefined): Credential {
  if (!entra) return keyCredential(key || keyOfUrl);
  if (!scope) throw usageFault('--entra needs the app’s scope: --scope api://CLIENT-ID, or B2B_INVITE_SCOPE.');
  return entraCredential(scope, Date.now);
}

/** `npm run invite` names itself so in the environment. */
const programName = (env: NodeJS.ProcessEnv): string =>
  env['npm_lifecycle_event'] === 'invite' ? 'npm run invite --' : 'b2b-invite';

/** A key on the command line is left out: whoever copies what is shown need not spread it. */
function withoutSecrets(typed: string[]): string[] {
  const hidden = '"$B2B_INVITE_KEY"';
  return typed.map((argument, index) => {
    if (typed[index - 1] === '--key') return hidden;
    if (argument.startsWith('--key=')) return `--key=${hidden}`;
    return shellQuoted(argument.replace(/([?&]code=)[^&]*/, '$1…'));
  });
}
