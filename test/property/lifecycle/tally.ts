import { STATUSES, type Status } from '../../../shared/domain/invitation';
import { EVENTS, type Event, transition } from '../../../shared/domain/transition';

/** Counts which events met which statuses, and which of them were followed. */
export function makeTally() {
  const met = new Map<string, number>();
  const followed = new Set<string>();
  const keyOf = (status: Status, event: Event) => `${status} ${event}`;
  const pairs = STATUSES.flatMap((status) => EVENTS.map((event) => ({ status, event, key: keyOf(status, event) })));

  return {
    note: (status: Status, event: Event, isFollowed: boolean): void => {
      const key = keyOf(status, event);
      met.set(key, (met.get(key) ?? 0) + 1);
      if (isFollowed) followed.add(key);
    },
    neverMet: (): string[] => pairs.filter(({ key }) => !met.has(key)).map(({ key }) => key),
    /** Transitions of the table that no sequence took. */
    neverFollowed: (): string[] =>
      pairs
        .filter(({ status, event, key }) => transition(status, event) !== undefined && !followed.has(key))
        .map(({ key }) => key),
    /** How often each pair was met; with a + where it was followed. */
    matrix: (): string => {
      const row = (name: string, cells: string[]) =>
        name.padEnd(18) +
        cells.map((cell, index) => cell.padStart((EVENTS[index]?.length ?? 0) + 2).padStart(8)).join('');
      const cell = (key: string) => `${met.get(key) ?? 0}${followed.has(key) ? '+' : ' '}`;
      const lines = STATUSES.map((status) =>
        row(
          status,
          EVENTS.map((event) => cell(keyOf(status, event))),
        ),
      );
      return [row('', [...EVENTS]), ...lines].join('\n');
    },
  };
}

export type Tally = ReturnType<typeof makeTally>;
