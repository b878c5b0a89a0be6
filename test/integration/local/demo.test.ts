import { type LocalProcess, startProgram } from '../../support/localProcess';

/** Two minutes: the demo takes half of one where nothing else runs. */
const LONGEST_MS = 120_000;

const running: LocalProcess[] = [];

function demo(env: Record<string, string> = {}): LocalProcess {
  const program = startProgram('demo', env);
  running.push(program);
  return program;
}

afterEach(async () => {
  for (const program of running.splice(0)) {
    program.signalIfRunning('SIGKILL');
    await program.ended();
  }
});

describe('npm run demo in a pipe', () => {
  it(
    'shows who got what and why in plain lines, mails nobody twice and exits with 0',
    async () => {
      // Were any of these spoken to, the demo would hang or fail: nothing listens there.
      const program = demo({
        TablesConnection: 'UseDevelopmentStorage=true',
        ServiceBusConnection__fullyQualifiedNamespace: 'real.servicebus.windows.net',
        GRAPH_BASE_URL: 'https://graph.microsoft.com',
        ALLOWED_EMAIL_DOMAINS: 'nobody.example',
      });
      expect(await program.ended(LONGEST_MS)).toBe(0);

      const text = program.stdout();
      expect(text).toContain(
        'Left aside for the demo, which speaks to stand-ins only: TablesConnection, ServiceBusConnection__fullyQualifiedNamespace, GRAPH_BASE_URL.',
      );
      expect(rowsOf(text)).toEqual([
        '1 | adele.vance@fabrikam.com | accepted | 1 | Accepted after the first mail.',
        '2 | alex.wilber@fabrikam.com | accepted | 1 | Accepted after the first mail.',
        '3 | diego.siciliani@adatum.com | expired | 1 + 2 | Never accepted: expired after 2 reminders.',
        '4 | grady.archie@adatum.com | accepted | 1 + 1 | Accepted after reminder 1.',
        '5 | hmueller@northwindtraders.com | accepted | 1 | Accepted after the first mail.',
        '6 | ilanger@northwindtraders.com | accepted | 1 | Throttled (429): waited as told. Accepted after the first mail.',
        '7 | johanna.lorenz@treyresearch.net | expired | 1 + 2 | Never accepted: expired after 2 reminders.',
        '8 | joni.sherman@treyresearch.net | accepted | 1 + 1 | Graph away (503): waited as told. Accepted after reminder 1.',
        '9 | lee.gu@wingtiptoys.com | accepted | 1 | Accepted after the first mail.',
        '10 | lidia.holloway@wingtiptoys.com | accepted | 1 | Answer lost: found as mailed. Accepted after the first mail.',
        '11 | lynne.robbins@tailspintoys.com | accepted | – | Is a guest already: nothing to mail.',
        '12 | megan.bowen@contoso.com | failed | – | Graph refused: Invitee is in inviter tenant.',
        '13 | miriam.graham@proseware | not taken | – | invitedUserEmailAddress has no valid domain after its @.',
        '14 | nestorw@alpineskihouse.com | accepted | 1 | Accepted after the first mail.',
        '15 | pattif@alpineskihouse.com | accepted | 1 | Accepted after the first mail.',
        '16 | pradeep.gupta@proseware.com | accepted | 1 + 1 | Accepted after reminder 1.',
        '17 | raul.razo@litwareinc.com | expired | 1 + 2 | Never accepted: expired after 2 reminders.',
        '18 | sofia.duarte@litwareinc.com | accepted | 1 | Accepted after the first mail.',
        '19 | Johanna.Lorenz@TreyResearch.net | duplicate | – | Same person as 7: answered with that invitation.',
        '20 | abowman@lucernepublishing.com | accepted | 1 | Accepted after the first mail.',
        '21 | bzhao@lucernepublishing.com | accepted | 1 + 1 | Accepted after reminder 1.',
        '22 | chika@cohovineyard.com | accepted | 1 | Accepted after the first mail.',
        '23 | dina@cohovineyard.com | expired | 1 + 2 | Never accepted: expired after 2 reminders.',
        '24 | emre.yilmaz@relecloud.com | accepted | 1 | Accepted after the first mail.',
        '25 | farah.haddad@relecloud.com | accepted | 1 | Accepted after the first mail.',
      ]);
      expect(text).toContain('33 mails sent by Graph, 33 recorded (21 first, 12 reminders), 0 doubled.\n');
      expect(text).toContain('25 of 25 answers as before, nobody invited again.\n');
      expect(text).toMatch(
        /\n *\d+\.\d s {2}requests answered 25\/25, invitations mailed \d+\/23, brought to an end \d+\/23\n/,
      );
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
      expect(text).not.toMatch(/redeem|ticket/i);
      expect(program.stderr()).toBe('');
    },
    LONGEST_MS + 10_000,
  );

  it('stops cleanly at Ctrl-C in the middle, with exit code 130 and no process left', async () => {
    const program = demo();
    await program.printed(/(requests answered 25\/25)/);
    program.signal('SIGINT');
    expect(await program.ended()).toBe(130);
    expect(program.stdout()).toMatch(/\nStopped\. Nothing is left behind\.\n$/);
    expect(program.stdout()).not.toContain('mails sent by Graph');
  });

  it('stops at Ctrl-C while it is still starting', async () => {
    const program = demo();
    await program.printed(/(from end to end)/);
    program.signal('SIGINT');
    expect(await program.ended()).toBe(130);
    expect(program.stderr()).toBe('');
  });
});

const rowsOf = (text: string): string[] =>
  text.split('\n').flatMap((line) => (/^\d+ +\S+@/.test(line) ? [line.split(/ {2,}/).join(' | ')] : []));
