import { AsyncLocalStorage } from 'node:async_hooks';
import type { Change } from '../../../../shared/domain/history';
import { invitationId } from '../../../../shared/domain/ids';
import { type CreateGroupedParts, makeCreateGrouped } from '../../../../shared/tables/createGrouped';
import type { Created } from '../../../../shared/tables/createTogether';
import { aQueuedInvitation } from '../../../support/invitations';

/** The nth invitation of a partition. */
const invite = (nth: number, partition = '00'): Change => ({
  invitation: aQueuedInvitation({ id: invitationId(0, new Uint8Array(10).fill(nth), partition) }),
  history: [],
});

/** As `createTogether` has it; what becomes of the transaction does not matter here. */
const createdOf = ({ invitation }: Change) => ({ stored: { invitation } }) as Created;

const turnIsOver = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Notes what is created how. Those of `hindered` are in the way of a transaction; `end` lets what is created alone go on. */
function world({ hindered = [] as Change[], isBusy = false } = {}) {
  const [alone, grouped] = [[] as Change[], [] as (readonly Change[])[]];
  let end = (): void => undefined;
  const ended = isBusy ? new Promise<void>((resolve) => (end = resolve)) : Promise.resolve();
  const parts: CreateGroupedParts<string> = {
    createAlone: async (made) => {
      alone.push(made);
      if (alone.length === 1) await ended;
      return hindered.includes(made) ? 'claimed' : 'alone';
    },
    createTogether: (made) => {
      grouped.push(made);
      const isStored = !made.some((each) => hindered.includes(each));
      return Promise.resolve({ tried: made.length, created: isStored ? made.map(createdOf) : undefined });
    },
    resultOf: () => Promise.resolve('together'),
  };
  return { parts, alone, grouped, end: () => end() };
}

it('creates one that nobody comes with alone', async () => {
  const { parts, alone, grouped } = world();
  const create = makeCreateGrouped(parts);
  const [first, second] = [invite(1), invite(2)];
  expect(await create(first)).toBe('alone');
  expect(await create(second)).toBe('alone');
  expect(alone).toEqual([first, second]);
  expect(grouped).toEqual([]);
});

it('creates together those that come at once, by partition', async () => {
  const { parts, alone, grouped } = world();
  const create = makeCreateGrouped(parts);
  const [a, b, other] = [invite(1, '00'), invite(2, '00'), invite(3, '01')];
  expect(await Promise.all([create(a), create(other), create(b)])).toEqual(['together', 'alone', 'together']);
  expect(grouped).toEqual([[a, b]]);
  expect(alone).toEqual([other]);
});

it('creates together those that come while another of their partition is under way', async () => {
  const { parts, alone, grouped, end } = world({ isBusy: true });
  const create = makeCreateGrouped(parts);
  const [first, second, third] = [invite(1), invite(2), invite(3)];
  const before = create(first);
  await turnIsOver();
  const after = [create(second), create(third)];
  await turnIsOver();
  expect(grouped).toEqual([]);
  end();
  expect(await Promise.all([before, ...after])).toEqual(['alone', 'together', 'together']);
  expect(grouped).toEqual([[second, third]]);
  expect(alone).toEqual([first]);
});

it('creates each alone where one of them is hindered, so that only that one meets it', async () => {
  const [first, second, third] = [invite(1), invite(2), invite(3)];
  const { parts, alone } = world({ hindered: [second] });
  const create = makeCreateGrouped(parts);
  expect(await Promise.all([first, second, third].map(create))).toEqual(['alone', 'claimed', 'alone']);
  expect(alone).toEqual([first, second, third]);
});

it('creates alone those that did not fit into the transaction', async () => {
  const [first, second] = [invite(1), invite(2)];
  const { parts, alone } = world();
  const createTogether = () => Promise.resolve({ tried: 1, created: [createdOf(first)] });
  const create = makeCreateGrouped({ ...parts, createTogether });
  expect(await Promise.all([create(first), create(second)])).toEqual(['together', 'alone']);
  expect(alone).toEqual([second]);
});

it('throws to all of them what creating them together throws', async () => {
  const createTogether = () => Promise.reject(new Error('away'));
  const create = makeCreateGrouped({ ...world().parts, createTogether });
  const results = await Promise.allSettled([create(invite(1)), create(invite(2))]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

it('comes to the result of each in the context of whoever asked for it', async () => {
  const context = new AsyncLocalStorage<string>();
  const resultOf = () => Promise.resolve(context.getStore() ?? 'nobody');
  const create = makeCreateGrouped({ ...world().parts, resultOf });
  const asked = ['anna', 'bert'].map((who, nth) => context.run(who, () => create(invite(nth))));
  expect(await Promise.all(asked)).toEqual(['anna', 'bert']);
});
