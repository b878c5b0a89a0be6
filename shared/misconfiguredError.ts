/** The app is not set up right: its message says which setting, and what it should be. Nothing is lost meanwhile. */
export class MisconfiguredError extends Error {
  readonly code = 'misconfigured';
  readonly retryable = false;

  constructor(message: string) {
    super(message);
    this.name = 'MisconfiguredError';
  }
}
