import type { BehaviourPatch } from '../../local/graph/behaviour';
import { disagreements, storedInvitations } from './reading';
import { MINUTE_MS, type World, addressOf, isRefused, makeWorld } from './world';

export interface Storm {
  name: string;
  invitations: number;
  /** With how many of them an item is shared instead. */
  shares?: number;
  settings?: Record<string, string>;
  graph?: BehaviourPatch;
  /** Mails that everybody who is not refused gets; 1 unless reminders are part of the storm. */
  mailsEach?: number;
  /** The longest that a message may be held while neither Graph works on it nor its token is waited for; 1 s where Tables always answer. */
  mostHeldMs?: number;
  /** How long to wait for everybody to be where they must be; three hours unless given. */
  restMostMs?: number;
  /** Requests come in and the weather changes, all on the virtual clock. */
  play: (world: World) => Promise<void>;
  /** What else must hold at the end; gives what does not. */
  complaints?: (world: World) => string[];
}

export interface Figures {
  name: string;
  invitations: number;
  /** How often the weather struck. */
  faults: number;
  mails: number;
  /** Mails beyond one for each send that is recorded. */
  doubled: number;
  /** Taken with 202 and not where they must be, or recorded as sent and never mailed. */
  lost: number;
  failed: number;
  graphCalls: number;
  /** Graph calls that were throttled, failed or lost their answer. */
  wasted: number;
  /** Hints that were handed to a worker. */
  deliveries: number;
  deadLetters: number;
  /** The longest that a message was held while Graph was not working on it, in virtual milliseconds. */
  heldMs: number;
  virtualMs: number;
  realMs: number;
}

export interface Played {
  figures: Figures;
  /** Empty where the tables agree with themselves and the storm's own check finds nothing. */
  complaints: string[];
}

/** Longer than a lease and RESOLVE_AFTER: whatever would still mail a second time has done it by then. */
const WATCHED_MS = 30 * MINUTE_MS;

/** Plays a storm to its end and half an hour beyond, and counts what came of it. */
export async function runStorm(storm: Storm, seed: number): Promise<Played> {
  const startedAt = performance.now();
  const world = makeWorld({ ...storm, seed });
  const virtualMs = await world.clock.run(
    (async () => {
      await world.open();
      await storm.play(world);
      await world.rest(storm.mailsEach, storm.restMostMs);
      const tookMs = world.clock.nowMs() - world.startedAtMs;
      await world.clock.sleep(WATCHED_MS);
      await world.rest(storm.mailsEach, storm.restMostMs);
      return tookMs;
    })(),
  );
  const realMs = Math.round(performance.now() - startedAt);
  return {
    figures: { ...figuresOf(storm, world), virtualMs, realMs },
    complaints: [...disagreements(world.server), ...(storm.complaints?.(world) ?? [])],
  };
}

function figuresOf({ name, invitations, mailsEach = 1 }: Storm, world: World): Omit<Figures, 'virtualMs' | 'realMs'> {
  const stored = new Map(storedInvitations(world.server).map(({ invitation }) => [invitation.id, invitation]));
  const mails = world.tenant.mails();
  const mailsTo = new Map<string, number>();
  for (const { to } of mails) mailsTo.set(to, (mailsTo.get(to) ?? 0) + 1);
  let [doubled, lost] = [0, 0];
  for (let index = 0; index < invitations; index += 1) {
    const address = addressOf(index);
    const invitation = stored.get(world.taken.get(address) ?? '');
    const [counted, sends] = [mailsTo.get(address) ?? 0, invitation?.sends.length ?? 0];
    doubled += Math.max(0, counted - sends);
    const isThere = isRefused(address)
      ? invitation?.status === 'failed' && counted === 0
      : invitation?.status === 'pendingAcceptance' && sends === mailsEach && counted >= sends;
    lost += isThere ? 0 : 1;
  }
  return {
    name,
    invitations,
    faults: world.weather.faults,
    mails: mails.length,
    doubled,
    lost,
    // Not the guest of a share, whose refusal is the share's.
    failed: [...world.taken.values()].filter((id) => stored.get(id)?.status === 'failed').length,
    graphCalls: world.tenant.counts.calls,
    wasted: world.tenant.counts.wasted,
    deliveries: world.broker.counts.deliveries,
    deadLetters: world.broker.counts.deadLetters,
    heldMs: world.heldMs(),
  };
}
