import { Command, CommanderError, Option } from 'commander';
import { STATUSES } from '../shared/domain/invitation';
import { KINDS } from '../shared/domain/request';
import { ACTIONS, act } from './commands/act';
import { dryRun } from './commands/dryRun';
import { type ListOptions, list } from './commands/list';
import { type SendOptions, send } from './commands/send';
import { status } from './commands/status';
import { type WatchOptions, watch } from './commands/watch';
import { EXIT, type ExitCode } from './cliFault';
import { EXAMPLES, EXIT_CODES, examples } from './helpTexts';
import type { RequestOptions } from './people/requestOptions';
import { type GlobalOptions, type Session, type Surroundings, openSession } from './session';

type Run = (work: (session: Session) => Promise<ExitCode>) => Promise<void>;

/** Runs one command line and gives its exit code; throws a CliFault for what a person has to hear. */
export async function runProgram(surroundings: Surroundings, version: string): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = baseProgram(version);
  const run: Run = async (work) => {
    exitCode = await work(openSession(program.opts<GlobalOptions>(), surroundings));
  };
  addSending(program, run);
  addReading(program, run);
  addActions(program, run);
  try {
    await program.parseAsync(surroundings.typed, { from: 'user' });
  } catch (error) {
    // Commander has said what it had to say: help and version are fine, anything else is a wrong usage.
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return exitCode;
}

function baseProgram(version: string): Command {
  return new Command('b2b-invite')
    .description('Invites people through the invitation workflow, and tells what becomes of them.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help of a command')
    .addOption(new Option('--url <url>', 'where the app is').env('B2B_INVITE_URL').default('http://127.0.0.1:7071'))
    .addOption(new Option('--key <key>', 'its function key; better in the environment').env('B2B_INVITE_KEY'))
    .option('--entra', 'log in with Entra (az login and others) instead of a key')
    .addOption(new Option('--scope <scope>', 'with --entra: api://CLIENT-ID of the app').env('B2B_INVITE_SCOPE'))
    .option('--json', 'print JSON lines instead of a table')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Run it with --help to see how it is used.')
    .exitOverride()
    .addHelpText('after', EXAMPLES)
    .addHelpText('after', EXIT_CODES);
}

const onDuplicate = new Option('--on-duplicate <what>', 'for whoever has an open invitation').choices([
  'return',
  'reject',
  'allow',
]);

const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** Flags that fill in what a line leaves out. */
const withRequestOptions = (command: Command): Command =>
  command
    .option('--name <name>', 'display name, for one address')
    .option('--redirect-url <url>', 'where people go after accepting')
    .option('--language <tag>', 'language of the mail, such as de-DE')
    .option('--not-before <when>', 'mail not before: 2026-12-01 or 2026-12-01T09:00')
    .option('--no-message', 'let Graph mail nothing')
    .option('--remind <times>', 'reminders after: 3d,7d; or none')
    .option('--time-zone <zone>', 'of the reminders, such as Europe/Berlin')
    .option('--expire <time>', 'expire after: 30d')
    .option('--approval', 'hold until somebody approves')
    .option('--group <id>', 'a group to join after accepting; may be given again', collect)
    .option('--source <name>', 'a name to list them by')
    .addOption(onDuplicate);

function addSending(program: Command, run: Run): void {
  withRequestOptions(
    program
      .command('send')
      .argument('<file|address>', 'CSV, JSON or JSON lines; - for standard input; or one address')
      .description('invite everybody in a file, or one person; the same again invites nobody twice'),
  )
    .option('--round <name>', 'send the same file anew, on purpose: another name is another sending')
    .addHelpText('after', examples.send)
    .action((what: string, options: SendOptions) => run((session) => send(session, what, options)));
  withRequestOptions(
    program
      .command('dry-run')
      .argument('<file|address>', 'as for send')
      .description('show what send would do, and do nothing'),
  )
    .addHelpText('after', examples.dryRun)
    .action((what: string, options: RequestOptions) => run((session) => dryRun(session, what, options)));
}

function addReading(program: Command, run: Run): void {
  program
    .command('status')
    .argument('<id|address>')
    .description('show an invitation with its history, or all of a person')
    .addHelpText('after', examples.status)
    .action((what: string) => run((session) => status(session, what)));
  program
    .command('list')
    .description('list invitations, the newest first')
    .addOption(new Option('--status <status>').choices(STATUSES))
    .addOption(new Option('--kind <kind>').choices(KINDS))
    .option('--email <address>')
    .option('--source <name>')
    .option('--external-id <id>')
    .option('--created-after <when>', '2026-12-01, 2026-12-01T09:00 or with offset')
    .option('--created-before <when>')
    .option('--limit <number>', 'at most so many (default: 50 in the table, else all)')
    .option('--csv', 'print CSV')
    .addHelpText('after', examples.list)
    .action((options: ListOptions) => run((session) => list(session, options)));
  program
    .command('watch')
    .argument('[id|address...]')
    .description('tell of every change, until all are closed or need a person')
    .option('--file <file>', 'what "send --json" or "list --csv" printed, or the file that was sent')
    .option('--interval <seconds>', 'between two looks', '5')
    .addOption(new Option('--until <what>', 'when to stop').choices(['closed', 'sent']).default('closed'))
    .addHelpText('after', examples.watch)
    .action((given: string[], options: WatchOptions) => run((session) => watch(session, given, options)));
}

function addActions(program: Command, run: Run): void {
  for (const action of ACTIONS) {
    const command = program.command(action.command).argument('<id|address...>').description(action.says);
    if (action.takesComment) command.option('--comment <text>', 'why; goes into the history');
    command
      .addHelpText('after', examples.act(action.command))
      .action((targets: string[], options: { comment?: string }) =>
        run((session) => act(session, action, targets, options)),
      );
  }
}
