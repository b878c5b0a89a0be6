import { join } from 'node:path';
import { sentenceIn } from '../shared/telemetry/log';
import { makeInvitationApi } from './demo/invitationApi';
import { KIND_LINES, type KindOutcome, MEMBER, kindFaults, playKinds } from './demo/kinds';
import { type NewHire, readNewHires } from './demo/newHires';
import { partOf } from './demo/plot';
import { kindsTable, outcomeTable, verdictOf } from './demo/report';
import { type Screen, barScreen, lineScreen } from './demo/screen';
import { useDemoSettings } from './demo/settings';
import { type Mail, makeSimulatorControl } from './demo/simulatorControl';
import { type Progress, type Story, playStory } from './demo/story';
import { type LocalApp, startLocal } from './startLocal';
import { onStopRequest } from './stopRequests';

const FILE = join(__dirname, '..', '..', 'samples', 'new-hires.csv');
const ANY_PORT = { functions: 0, tables: 0, serviceBus: 0, graph: 0 };
/** Twice what it needs on a slow machine. */
const LONGEST_MS = 90_000;

const isTerminal = process.stdout.isTTY && process.env['TERM'] !== 'dumb';
const isColoured = isTerminal && !process.env['NO_COLOR'];
const print = (line = ''): void => console.log(line);

/** `npm run demo`: invites the people of samples/new-hires.csv, end to end, on stand-ins only. Gives the exit code. */
async function main(interrupted: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  const removed = useDemoSettings(process.env);
  print('The invitation workflow from end to end, on this machine alone. Nobody is really mailed.');
  if (removed.length > 0) print(`Left aside for the demo, which speaks to stand-ins only: ${removed.join(', ')}.`);
  const hires = readNewHires(FILE);
  const errors: string[] = [];
  const local = await startLocal({
    ports: ANY_PORT,
    behaviour: { faults: faultsOf(hires) },
    onLog: ({ level, message }) => {
      if (level === 'error' || level === 'critical') errors.push(sentenceIn(message));
    },
  });
  try {
    interrupted.throwIfAborted();
    print(`${local.parts.map(({ name }) => name).join(', ')} are up, on free ports. Days are seconds here.`);
    print();
    const played = await invite(hires, local, interrupted);
    return report(played, errors, (performance.now() - startedAt) / 1000);
  } finally {
    await local.stop();
  }
}

const faultsOf = (hires: NewHire[]) =>
  hires.flatMap(({ externalId, invitedUserEmailAddress: email }) => {
    const { fault } = partOf(externalId);
    return fault ? [{ method: 'POST', path: '/invitations', email, ...fault }] : [];
  });

interface Played {
  story: Story;
  kinds: KindOutcome[];
  mails: Mail[];
}

async function invite(hires: NewHire[], local: LocalApp, signal: AbortSignal): Promise<Played> {
  const simulator = makeSimulatorControl(local.graphUrl);
  await simulator.addMember(MEMBER, 'Debra Berger');
  for (const { externalId, invitedUserEmailAddress, invitedUserDisplayName } of hires) {
    if (partOf(externalId).isGuestAlready) await simulator.addGuest(invitedUserEmailAddress, invitedUserDisplayName);
  }
  const invitations = hires.filter(({ externalId }) => partOf(externalId).answer === 202).length;
  const totals: Progress = { accepted: hires.length, sent: invitations, closed: invitations };
  const endsAt = performance.now() + LONGEST_MS;
  const screen: Screen = isTerminal ? barScreen(process.stdout) : lineScreen(print, () => performance.now());
  try {
    const parts = {
      api: makeInvitationApi(local.baseUrl, signal),
      simulator,
      signal,
      isOverdue: () => performance.now() > endsAt,
    };
    const [story, kinds] = await Promise.all([
      playStory(hires, { ...parts, onProgress: (progress) => screen.update(progress, totals) }),
      playKinds(parts),
    ]);
    return { story, kinds, mails: await simulator.mails() };
  } finally {
    screen.end();
  }
}

function report({ story, kinds, mails }: Played, errors: string[], seconds: number): number {
  const verdict = verdictOf(withoutKinds(story));
  const faults = [...verdict.faults, ...kindFaults(kinds, mails)];
  print();
  print(outcomeTable(story.lines, { width: isTerminal ? process.stdout.columns : 120, isColoured }));
  print();
  for (const sentence of verdict.sentences) print(sentence);
  print();
  print('And one of each other kind:');
  print(kindsTable(kinds, isColoured));
  print();
  if (faults.length === 0) {
    const count = story.lines.length + kinds.length;
    print(`All ${count} came out as they must, in ${seconds.toFixed(0)} s.`);
    return 0;
  }
  print('This must not be:');
  for (const fault of [...faults, ...errors]) print(`  ${fault}`);
  return 1;
}

/** The file's own mails. */
const withoutKinds = ({ lines, mails }: Story): Story => ({ lines, mails: mails.filter(({ to }) => !OTHERS.has(to)) });

const OTHERS = new Set([MEMBER, ...KIND_LINES.flatMap(({ accepts }) => accepts ?? [])]);

/** The first Ctrl-C stops cleanly, the second at once. Exit codes as a shell gives them: 128 and the signal's number. */
function run(): void {
  const interruption = new AbortController();
  let interruptedCode: number | undefined;
  onStopRequest((code) => {
    interruptedCode = code;
    interruption.abort();
  });
  void main(interruption.signal)
    .catch((error: unknown) => {
      if (interruptedCode === undefined) console.error(error instanceof Error ? error.message : error);
      return 1;
    })
    .then((code) => {
      if (interruptedCode !== undefined) print('\nStopped. Nothing is left behind.');
      process.exit(interruptedCode ?? code);
    });
}

run();
