const LOOK_EVERY_MS = 500;

/**
 * Calls `stop` once, with the exit code that a shell would give, when a person or a supervisor wants an end: Ctrl-C,
 * SIGTERM, or the end of the npm that started this process. A second signal ends the process at once.
 */
export function onStopRequest(stop: (exitCode: number) => void): void {
  let isStopping = false;
  const stopOnce = (exitCode: number): void => {
    if (isStopping) return;
    isStopping = true;
    stop(exitCode);
  };
  const onSignal = (exitCode: number) => () => {
    if (isStopping) process.exit(exitCode);
    stopOnce(exitCode);
  };
  process.on('SIGINT', onSignal(130)).on('SIGTERM', onSignal(143));

  // npm runs scripts in a shell, which dies of a SIGTERM without passing it on.
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stopOnce(143);
  }, LOOK_EVERY_MS).unref();
}
