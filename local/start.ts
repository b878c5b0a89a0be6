import { join } from 'node:path';
import Table from 'cli-table3';
import { applyLocalSettings, portsFromEnvironment, standInsFromArguments } from './localSettings';
import { isForPeople, logLine } from './logLine';
import { type Local, type LocalApp, startLocal, startOnly } from './startLocal';
import { onStopRequest } from './stopRequests';

const ROOT = join(__dirname, '..', '..');

/**
 * `npm start`: everything on one machine until Ctrl-C. `npm start -- graph` (or tables, serviceBus) starts the named
 * stand-ins alone, for an app that runs under `func start`.
 */
async function main(): Promise<void> {
  const only = standInsFromArguments(process.argv.slice(2));
  applyLocalSettings(join(ROOT, 'local.settings.json'));
  const functionKey = process.env['LOCAL_FUNCTION_KEY'];
  const options = {
    ports: portsFromEnvironment(),
    folder: process.env['LOCAL_FOLDER'] || join(ROOT, '.local'),
    onLog: (entry: Parameters<typeof logLine>[0]) => {
      if (isForPeople(entry)) console.log(logLine(entry, new Date()));
    },
    ...(functionKey ? { functionKey } : {}),
  };
  if (only.length > 0) {
    const local = await startOnly(only, options);
    stopOnRequest(local);
    console.log(['', partsTable(local), 'Stop: Ctrl-C.', ''].join('\n'));
    return;
  }
  const local = await startLocal(options);
  stopOnRequest(local);
  console.log(['', partsTable(local), '', ...firstSteps(local, functionKey), 'Stop: Ctrl-C.', ''].join('\n'));
}

function partsTable({ parts }: Local): string {
  const table = new Table({
    head: ['what', 'where'],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const { name, where, isStandIn } of parts) table.push([name, isStandIn ? where : `as ${where} says`]);
  return table.toString();
}

function firstSteps({ baseUrl, graphUrl, parts }: LocalApp, functionKey: string | undefined): string[] {
  const key = functionKey ? ` -H "x-functions-key: $LOCAL_FUNCTION_KEY"` : '';
  const isGraphReal = parts.some(({ where, isStandIn }) => where === 'GRAPH_BASE_URL' && !isStandIn);
  return [
    isGraphReal ? 'Invite somebody (GRAPH_BASE_URL is set: a mail may really go out):' : 'Invite somebody:',
    `  curl -i${key} -H 'content-type: application/json' \\`,
    `    -d '{"invitedUserEmailAddress":"admin@fabrikam.com","inviteRedirectUrl":"https://myapp.contoso.com"}' \\`,
    `    ${baseUrl}/api/invitations`,
    ...(isGraphReal ? [] : ['See what was mailed:', `  curl ${graphUrl}/_simulator/mails`]),
  ];
}

/** Finishes what is in hand, then ends with 0: an end that was asked for is no failure. */
function stopOnRequest(local: Local): void {
  onStopRequest(() => {
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
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
