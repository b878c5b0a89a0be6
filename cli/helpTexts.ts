/** All fits into 80 columns. */
const lines = (title: string, ...texts: string[]): string =>
  ['', title, ...texts.map((text) => `  ${text}`)].join('\n');

export const EXAMPLES = lines(
  'Examples:',
  'b2b-invite dry-run new-hires.csv            what would happen',
  'b2b-invite send new-hires.csv               invite them all',
  'b2b-invite send ada@fabrikam.com --name "Ada Lovelace" --remind 3d,7d',
  'b2b-invite watch --file new-hires.csv       follow them until all have accepted',
  'b2b-invite list --status failed --json      for programs',
);

export const EXIT_CODES = lines(
  'Exit codes:',
  '0    all is well',
  '1    some were refused, could not be read, or failed',
  '2    wrong usage, or a file that can’t be read',
  '3    no endpoint there, or it refuses this caller',
  '130  stopped by Ctrl-C',
);

/** What stands below the help of each command. */
export const examples = {
  send: lines(
    'Files and examples:',
    'A CSV’s first line names its columns as the API does (invitedUserEmailAddress,',
    'invitedUserDisplayName, …). Microsoft’s template for inviting guests in bulk',
    'works as it is. Flags fill in what a line leaves out.',
    '',
    'b2b-invite send new-hires.csv --language de-DE --expire 30d',
    'b2b-invite send ada@fabrikam.com --not-before 2026-12-01T09:00',
    'b2b-invite send new-hires.csv --json | jq \'select(.outcome == "refused")\'',
  ),
  dryRun: lines('Example:', 'b2b-invite dry-run new-hires.csv --expire 30d'),
  status: lines(
    'Examples:',
    'b2b-invite status ada@fabrikam.com',
    'b2b-invite status 019cadc6-9a80-7abc-8def-01234567890b --json',
  ),
  list: lines(
    'Examples:',
    'b2b-invite list --status pendingAcceptance --created-before 2026-11-01',
    'b2b-invite list --source new-hires --csv > invitations.csv',
  ),
  watch: lines(
    'Examples:',
    'b2b-invite watch ada@fabrikam.com',
    'b2b-invite send new-hires.csv --json > sent.jsonl',
    'b2b-invite watch --file sent.jsonl --until sent',
  ),
  act: (command: string): string =>
    lines(
      'Example:',
      `b2b-invite ${command} ada@fabrikam.com${command === 'reject' ? ' --comment "Not this year"' : ''}`,
    ),
};
