/** Undefined while TELEMETRY is off, which it is unless it says otherwise. */
export const telemetryStarted = (): Promise<void> | undefined => undefined;
