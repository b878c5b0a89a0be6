import { join } from 'node:path';
import Table from 'cli-table3';
import { applyLocalSettings, portsFromEnvironment } from './localSettings';
import { isForPeople, logLine } from './logLine';
import { type Local, startLocal } from './startLocal';

const ROOT = join(__dirname, '..', '..');

/** `npm start`: everything on one machine until Ctrl-C. */
async function main(): Promise<void> {
  applyLocalSettings(join(ROOT, 'local.settings.json'));
  const functionKey = process.env['LOCAL_FUNCTION_KEY'];
  const local = await startLocal({
    ports: portsFromEnvironment(),
    folder: process.env['LOCAL_FOLDER'] || join(ROOT, '.local'),
    onLog: (entry) => {
      if (isForPeople(entry)) console.log(logLine(entry, new Date()));
    },
    ...(functionKey ? { functionKey } : {}),
  });
  stopOnSignals(local);
  console.log(overview(local, functionKey));
}

function overview(local: Local, functionKey: string | undefined): string {
  const table = new Table({
    head: ['what', 'where'],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const { name, where, isStandIn } of local.parts) table.push([name, isStandIn ? where : `as ${where} says`]);
  const key = functionKey ? " -H 'x-functions-key: YOUR_KEY'" : '';
  return [
    '',
    table.toString(),
    '',
    'Invite somebody:',
    `  curl -i${key} -H 'content-type: application/json' \\`,
    `    -d '{"invitedUserEmailAddress":"admin@fabrikam.com","inviteRedirectUrl":"https://myapp.contoso.com"}' \\`,
    `    ${local.baseUrl}/api/invitations`,
    'See what was mailed:',
    `  curl ${local.graphUrl}/_simulator/mails`,
    'Stop: Ctrl-C.',
    '',
  ].join('\n');
}

function stopOnSignals(local: Local): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) process.exit(130);
    isStopping = true;
    console.log('Stopping: finishing what is in hand (5 s at most; Ctrl-C again to stop at once) …');
    local.stop().then(
      () => {
        console.log('Stopped. What is not done yet goes on at the next start.');
        process.exit(0);
      },
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
