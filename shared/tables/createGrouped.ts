import type { Change } from '../domain/history';
import { partitionOfId } from '../domain/ids';
import { together } from '../together';
import type { Created, CreatedTogether } from './createTogether';

/** Of requests that come at once. An entity-group transaction holds a hundred entities, and an invitation mostly has six. */
const MOST_TOGETHER = 16;
/** A request waits for the transaction of its partition that is under way; this long at most. */
const LONGEST_WAIT_MS = 20;

export interface CreateGroupedParts<Result> {
  createAlone: (made: Change) => Promise<Result>;
  createTogether: (made: readonly Change[], isCounted: boolean) => Promise<CreatedTogether>;
  /** What one that was created together came to; called in the context (trace, log) of whoever asked for it. */
  resultOf: (created: Created) => Promise<Result>;
}

/**
 * Invitations that are asked for at once share first transactions, by partition: as for hints, one alone waits for nobody.
 * Where something stands in the way of one of them, such as a claim that is held, each is created alone. Throws
 * `TablesUnavailableError`.
 */
export function makeCreateGrouped<Result>({ createAlone, createTogether, resultOf }: CreateGroupedParts<Result>) {
  type Finish = () => Promise<Result>;

  const create = async (made: Change[]): Promise<ReadonlyMap<string, Finish>> => {
    const [first, ...others] = made;
    if (first && others.length === 0) {
      const result = await createAlone(first);
      return new Map([[first.invitation.id, () => Promise.resolve(result)]]);
    }
    const { created } = await createTogether(made, false);
    return new Map(created?.map((each) => [each.stored.invitation.id, () => resultOf(each)]));
  };
  const groups = new Map<string, (made: readonly Change[]) => ReturnType<typeof create>>();

  return async (made: Change): Promise<Result> => {
    const { id } = made.invitation;
    const partition = partitionOfId(id);
    const group = groups.get(partition) ?? together(create, { most: MOST_TOGETHER, longestWaitMs: LONGEST_WAIT_MS });
    groups.set(partition, group);
    const finish = (await group([made])).get(id);
    return finish ? finish() : createAlone(made);
  };
}
