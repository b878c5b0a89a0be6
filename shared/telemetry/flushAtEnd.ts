import { app } from '@azure/functions';
import { currentBackend } from './backend';

/** The host gives a worker a few seconds to end. */
const FLUSH_MS = 3_000;

app.hook.appTerminate(async () => {
  const limit = new Promise<void>((resolve) => setTimeout(resolve, FLUSH_MS).unref());
  await Promise.race([currentBackend()?.flush(), limit]);
});
