import fc from 'fast-check';
import { waitFor } from '../../support/waitFor';
import { type WholeApp, startWholeApp } from '../../support/wholeApp';
import { type HostileRequest, hostileRequest, makeSender } from './hostileRequest';
import { makeLedger } from './ledger';

const SEED = Number(process.env['FC_SEED'] ?? Date.now() % 1_000_000);
const REQUESTS = 10_000;
const WARM_UP = 3_000;
const CONNECTIONS = 16;
/** Allowed from the end of the warm-up to the end, after a full collection: 7,000 requests of 1 KiB kept would be more. */
const MOST_GROWTH = 6 * 1024 * 1024;

let app: WholeApp;
beforeAll(async () => {
  app = await startWholeApp({
    ALLOWED_REDIRECT_ORIGINS: 'https://myapp.contoso.com',
    ALLOWED_EMAIL_DOMAINS: 'fabrikam.com,*.fabrikam.com',
    BLOCKED_EMAIL_DOMAINS: 'blocked.fabrikam.com',
    // No tick: the table server of this machine reads everything for each, and these invitations are for later.
    WAKE_SCHEDULE: '0 */59 * * * *',
  });
});
afterAll(() => app.stop());

/** Codes and targets that this many requests must reach, or the generator misses a validator. */
const MUST_BE_HIT = [
  ...['200', '202', '400 invalidRequest', '400 invalidJson', '400 invalidHeader', '404 notFound', '409 duplicate'],
  ...['409 statusForbids', '413 bodyTooLarge', '415 unsupportedMediaType', '422 idempotencyKeyReused'],
  ...['invalidBody', 'invalidValue', 'required', 'unknownProperty', 'readOnlyProperty', 'moreFaults'].map(
    (code) => `fault ${code}`,
  ),
  ...['list', 'fault unknownParameter', 'fault repeatedParameter', 'fault invalidSkipToken'],
  ...['domainNotAllowed', 'redirectNotAllowed'].map((code) => `fault ${code}`),
  ...['alreadyInvited', 'differs', 'customizedMessageBodyNotMailed', 'noMail'].map((code) => `warning ${code}`),
  ...[
    'invitedUserEmailAddress',
    'inviteRedirectUrl',
    'invitedUserDisplayName',
    'invitedUserType',
    'sendInvitationMessage',
    'resetRedemption',
    'invitedUser',
    'invitedUser.id',
    'invitedUserMessageInfo',
    'invitedUserMessageInfo.messageLanguage',
    'invitedUserMessageInfo.ccRecipients',
    'invitedUserMessageInfo.ccRecipients.n.emailAddress.name',
    'invitedUserMessageInfo.ccRecipients.n.emailAddress.address',
    'invitedUserMessageInfo.customizedMessageBody',
    'invitedUserSponsors',
    'invitedUserSponsors.n.id',
    'invitedUserSponsors.n.@odata.type',
    'notBefore',
    'reminders',
    'reminders.after',
    'reminders.after.n',
    'reminders.timeZone',
    'expireAfter',
    'onDuplicate',
    'kind',
    'source',
    'externalId',
    'metadata',
    'metadata.__proto__',
  ].map((target) => `fault at invalidValue ${target}`),
];

describe(`hostile input (FC_SEED=${SEED})`, () => {
  it.each(["miles.o'brien@fabrikam.com", "x'or'1'eq'1@fabrikam.com", "''@fabrikam.com"])(
    'asks Graph for %s as one text, and mails that address',
    async (email) => {
      const { id } = await app.invite(email);
      await app.until(id, 'pendingAcceptance');
      const quoted = `'${email.split("'").join("''")}'`;
      const filters = app.graph.calls
        .filter(({ path }) => path.startsWith('/v1.0/users?'))
        .map(({ path }) => new URLSearchParams(path.slice(path.indexOf('?'))).get('$filter'));
      expect(filters).toContain(`mail eq ${quoted} or otherMails/any(o:o eq ${quoted})`);
      expect(await app.graph.mailsTo(encodeURIComponent(email))).toHaveLength(1);
    },
  );

  it('gets documented answers only, in a process that neither ends nor grows', async () => {
    const ledger = makeLedger();
    const sender = makeSender(app.host.httpPort, CONNECTIONS);
    const arbitrary = hostileRequest(() => ledger.ids);
    // Lazily, so that paths can name ids that were answered by then; which ones is all that a seed does not replay.
    const requests: Iterator<HostileRequest> = fc.sample(fc.infiniteStream(arbitrary), { seed: SEED, numRuns: 1 })[0]!;
    const run = async (count: number): Promise<void> => {
      let left = count;
      const worker = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          const request = requests.next().value as HostileRequest;
          ledger.record(request, await sender.ask(request));
        }
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, worker));
    };

    await run(WARM_UP);
    const before = await app.host.memory();
    await run(REQUESTS - WARM_UP);
    let after = before;
    const growth = () => after.heapUsed + after.external - before.heapUsed - before.external;
    // What the last requests held may take its time to go; what is kept for ever never does.
    const settled = async () => {
      after = await app.host.memory();
      return growth() < MOST_GROWTH;
    };
    await waitFor(settled).catch(() => undefined);
    sender.close();

    report(ledger.counts, before, after);
    const errors = app.host.logs.filter(({ level }) => level === 'error' || level === 'critical');
    expect([ledger.undocumented.slice(0, 3), errors.slice(0, 3)]).toEqual([[], []]);
    expect(MUST_BE_HIT.filter((name) => !ledger.counts.has(name))).toEqual([]);
    expect(new Set(ledger.ids).size).toBeGreaterThanOrEqual(REQUESTS / 5);
    expect(growth()).toBeLessThan(MOST_GROWTH);
    expect(app.host.output).toEqual([]);
  }, 240_000);
});

function report(counts: Map<string, number>, before: NodeJS.MemoryUsage, after: NodeJS.MemoryUsage): void {
  const mebibytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
  const memory = (usage: NodeJS.MemoryUsage) => `heap ${mebibytes(usage.heapUsed)}, rss ${mebibytes(usage.rss)} MiB`;
  const lines = [...counts]
    .filter(([name]) => !name.startsWith('fault at'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${String(count).padStart(7)}  ${name}`);
  process.stdout.write(
    `FC_SEED=${SEED}: ${REQUESTS} requests\n${lines.join('\n')}\n` +
      `after ${WARM_UP}: ${memory(before)}; at the end: ${memory(after)}\n`,
  );
}
