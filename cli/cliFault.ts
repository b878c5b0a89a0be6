/** Exit codes, as docs/cli.md promises them. 130 is what a shell gives for Ctrl-C: 128 and the signal's number. */
export const EXIT = { ok: 0, someFailed: 1, usage: 2, endpoint: 3, interrupted: 130, terminated: 143 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

interface FaultOptions extends ErrorOptions {
  /** Whether the call that failed is known to have done nothing. */
  isUnsent?: boolean;
}

/** What ends a command: a sentence for the person who ran it, saying what to do, and the exit code. */
export class CliFault extends Error {
  readonly isUnsent: boolean;

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    { isUnsent = false, ...options }: FaultOptions = {},
  ) {
    super(message, options);
    this.name = 'CliFault';
    this.isUnsent = isUnsent;
  }
}

export const usageFault = (message: string): CliFault => new CliFault(EXIT.usage, message, { isUnsent: true });

export const endpointFault = (message: string, options?: FaultOptions): CliFault =>
  new CliFault(EXIT.endpoint, message, options);
