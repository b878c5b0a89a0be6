import type { Lane } from '../../../../shared/domain/nextStep';
import { type Lease, makeTokenLine } from '../../../../shared/graph/tokenLine';
import { makeVirtualClock } from '../../../storm/virtualClock';

const LONG_MS = 1_000_000;

const leased = (count: number, { ready = count, nextInMs = 100, gapMs = 100 } = {}): Lease => ({
  type: 'leased',
  tokens: { count, ready, nextInMs, gapMs },
});
const notYet = (forMs: number): Lease => ({ type: 'notYet', forMs });

/** A line whose leases are what the script says, each after `leaseMs`; the last one goes on for ever. */
function world(script: (Lease | Error)[], { leaseMs = 0 } = {}) {
  const clock = makeVirtualClock(0);
  const asked: { wanted: number; atMs: number }[] = [];
  const events: string[] = [];
  const slept: number[] = [];
  const line = makeTokenLine({
    lease: async (wanted) => {
      asked.push({ wanted, atMs: clock.nowMs() });
      const next = script[Math.min(asked.length, script.length) - 1] ?? notYet(0);
      if (asked.length > 1_000) throw new Error('Nobody leases that often.');
      await clock.sleep(leaseMs);
      if (next instanceof Error) throw next;
      return next;
    },
    monotonicMs: clock.nowMs,
    sleep: (ms) => {
      slept.push(ms);
      return clock.sleep(ms);
    },
    random: () => 1,
  });
  const wait = async (name: string, lane: Lane = 0, mostWaitMs = LONG_MS): Promise<void> => {
    const told = await line.wait(lane, mostWaitMs).then(
      (hasToken) => (hasToken ? 'token' : 'away'),
      (error: unknown) => String(error),
    );
    events.push(`${clock.nowMs()} ${name} ${told}`);
  };
  return { line, clock, asked, events, slept, wait };
}

it('leases as many as there are who wait, and gives each one', async () => {
  const { clock, wait, asked, events } = world([leased(1), leased(2)]);
  await clock.run(Promise.all([wait('a'), wait('b'), wait('c')]));
  expect(events).toEqual(['0 a token', '0 b token', '0 c token']);
  // The first to come asks for himself alone; by the time he is answered two more are there.
  expect(asked).toEqual([
    { wanted: 1, atMs: 0 },
    { wanted: 2, atMs: 0 },
  ]);
});

it('gives what is ready at once, the next one when it is due, and each other one a gap later', async () => {
  const { clock, wait, events } = world([leased(4, { ready: 2, nextInMs: 15, gapMs: 25 })]);
  await clock.run(Promise.all(['a', 'b', 'c', 'd'].map((name) => wait(name))));
  expect(events).toEqual(['0 a token', '0 b token', '15 c token', '40 d token']);
});

it('sleeps for whole milliseconds until a token is due, as timers do: never for next to nothing, over and over', async () => {
  const { clock, wait, slept } = world([leased(3, { ready: 0, nextInMs: 40.2, gapMs: 40.2 })]);
  await clock.run(Promise.all([wait('a'), wait('b'), wait('c')]));
  expect(slept.every((ms) => Number.isInteger(ms))).toBe(true);
  expect(slept).toEqual([41, 40, 40]);
});

it('asks again when there may be tokens, and not before', async () => {
  const { clock, wait, asked, events } = world([notYet(700), leased(1)]);
  await clock.run(wait('a'));
  expect(events).toEqual(['700 a token']);
  expect(asked.map(({ atMs }) => atMs)).toEqual([0, 700]);
});

it('asks half as often each time others had them, four times a second at the least, and often again once it got one', async () => {
  const { clock, wait, asked } = world([
    ...Array.from({ length: 7 }, () => notYet(0)),
    leased(1),
    notYet(0),
    leased(1),
  ]);
  await clock.run(wait('a'));
  expect(asked.map(({ atMs }) => atMs)).toEqual([0, 20, 60, 140, 300, 550, 800, 1_050]);
  await clock.run(wait('b'));
  expect(asked.slice(8).map(({ atMs }) => atMs)).toEqual([1_050, 1_070]);
});

describe('the lanes', () => {
  const names = (lane: Lane, count: number) =>
    Array.from({ length: count }, (_, index) => ({ lane, name: `${lane}.${index}` }));
  const drained = async (waiting: { lane: Lane; name: string }[], script: Lease[]) => {
    const { clock, wait, events } = world(script);
    await clock.run(Promise.all(waiting.map(({ name, lane }) => wait(name, lane))));
    return events.map((event) => event.split(' ')[1]);
  };

  it('are served in the order in which their waiters came, and lane 1 with every tenth token while lane 0 waits', async () => {
    const order = await drained([...names(1, 3), ...names(0, 25)], [notYet(1), leased(28)]);
    expect(order.map((name) => name?.startsWith('1.'))).toEqual(
      Array.from({ length: 28 }, (_, index) => [9, 19, 27].includes(index)),
    );
    expect(order.filter((name) => name?.startsWith('0.'))).toEqual(names(0, 25).map(({ name }) => name));
    expect(order.filter((name) => name?.startsWith('1.'))).toEqual(['1.0', '1.1', '1.2']);
  });

  it('give lane 1 every token while nobody waits in lane 0', async () => {
    expect(await drained(names(1, 3), [leased(1), leased(2)])).toEqual(['1.0', '1.1', '1.2']);
  });
});

describe('who would wait for too long', () => {
  it('goes away at once, and the others stay', async () => {
    const { clock, wait, events } = world([notYet(5_000), leased(2)], { leaseMs: 3 });
    await clock.run(Promise.all([wait('hasty', 0, 5_002), wait('patient', 1, 5_003), wait('calm')]));
    expect(events).toEqual(['3 hasty away', '5006 calm token', '5006 patient token']);
  });

  it('is not waited for: nobody is left, so nothing is leased', async () => {
    const { clock, wait, asked } = world([notYet(5_000), leased(1)]);
    await clock.run(wait('hasty', 0, 100));
    await clock.run(clock.sleep(10_000));
    expect(asked).toHaveLength(1);
  });

  it('goes away at once though he came while the others sleep until there are tokens', async () => {
    const { clock, wait, events } = world([notYet(20_000), leased(2)]);
    const later = clock.sleep(1_000).then(() => Promise.all([wait('hasty', 0, 18_999), wait('calm', 0, 19_000)]));
    await clock.run(Promise.all([wait('patient'), later]));
    expect(events).toEqual(['1000 hasty away', '20000 patient token', '20000 calm token']);
  });

  it('goes away when his time is over, though each time it had looked as if there were tokens', async () => {
    const { clock, wait, events } = world([notYet(0)]);
    await clock.run(wait('unlucky', 0, 700));
    // Asked at 0, 20, 60, 140, 300, 550 and 800 ms.
    expect(events).toEqual(['800 unlucky away']);
  });
});

it('sends away who has waited as long as he can, though there is always a token for somebody else', async () => {
  const { clock, wait, events } = world([leased(1, { ready: 0, nextInMs: 100 })]);
  const others = Array.from({ length: 9 }, (_, nth) => wait(`first ${nth}`));
  await clock.run(Promise.all([...others, wait('hasty', 1, 250), wait('hasty too', 0, 250)]));
  expect(events.filter((event) => event.includes('hasty'))).toEqual(['300 hasty too away', '300 hasty away']);
  expect(events.filter((event) => event.includes('token'))).toHaveLength(9);
});

describe('tokens in hand that are worth nothing any more', () => {
  it('are given to nobody: it leases anew', async () => {
    const { clock, wait, line, asked, events } = world([leased(3, { ready: 1 }), notYet(9_000), leased(2)]);
    const refused = clock.sleep(50).then(line.dropHand);
    await clock.run(Promise.all([wait('a'), wait('b'), wait('c'), refused]));
    expect(events).toEqual(['0 a token', '9100 b token', '9100 c token']);
    expect(asked.map(({ wanted }) => wanted)).toEqual([1, 2, 2]);
  });

  it('are those too whose lease was under way', async () => {
    const { clock, wait, line, events } = world([leased(1), notYet(9_000), leased(1)], { leaseMs: 4 });
    const refused = clock.sleep(2).then(line.dropHand);
    await clock.run(Promise.all([wait('a'), refused]));
    expect(events).toEqual(['9012 a token']);
  });
});

describe('a token that is given back', () => {
  it('goes to the first who waits', async () => {
    const { clock, wait, line, events } = world([notYet(500), leased(1)]);
    const back = clock.sleep(50).then(line.giveBack);
    await clock.run(Promise.all([wait('a'), wait('b'), back]));
    expect(events).toEqual(['50 a token', '500 b token']);
  });

  it('is lost when nobody waits', async () => {
    const { clock, wait, line, events } = world([notYet(500), leased(1)]);
    line.giveBack();
    await clock.run(wait('a'));
    expect(events).toEqual(['500 a token']);
  });
});

describe('an error of the tables', () => {
  it('reaches everybody who waits, in both lanes, and nobody who comes later', async () => {
    const { clock, wait, events } = world([notYet(100), new Error('Tables are away.'), leased(1)]);
    await clock.run(Promise.all([wait('a'), wait('b', 1), wait('c', 0)]));
    await clock.run(wait('d'));
    expect(events).toEqual([
      '100 a Error: Tables are away.',
      '100 c Error: Tables are away.',
      '100 b Error: Tables are away.',
      '100 d token',
    ]);
  });

  it('leaves a line that serves who tries again at once', async () => {
    const { clock, line } = world([new Error('Tables are away.'), leased(1)]);
    const again = line.wait(0, LONG_MS).catch(() => line.wait(0, LONG_MS));
    expect(await clock.run(again)).toBe(true);
  });
});

it.each([0, 1, 2, 3, 4])('serves who comes back right after he got a token, %i promises later', async (promises) => {
  const { clock, line } = world([leased(1)]);
  const script = async () => {
    for (let call = 0; call < 3; call += 1) {
      await line.wait(0, LONG_MS);
      for (let promise = 0; promise < promises; promise += 1) await Promise.resolve();
    }
    return 'served';
  };
  expect(await clock.run(script())).toBe('served');
});
