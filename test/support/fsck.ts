import { execFile } from 'node:child_process';
import path from 'node:path';

const COMMAND = path.join(__dirname, '..', '..', 'dist', 'tools', 'fsck.js');

/** What `npm run fsck` prints with these settings: "… everything agrees." where it finds nothing. */
export const runFsck = (settings: Record<string, string>): Promise<string> =>
  new Promise((resolve) => {
    execFile(process.execPath, [COMMAND], { env: settings }, (_error, output, errors) => resolve(output + errors));
  });
