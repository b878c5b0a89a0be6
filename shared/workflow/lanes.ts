import { partitionOfId } from '../domain/ids';
import type { Placed } from './claimQueues';

/** Two transactions' worth, so that no lane is much longer than the others. */
const LANE = 28;

/**
 * Lanes of one partition each, with a person's invitations side by side; and by person those that have to be stored one
 * by one: who replaces another, and who would be over the person's quota by this call alone.
 */
export function separate(admitted: Placed[], most = Infinity): { together: Placed[][]; alone: Placed[][] } {
  const alone = new Map<string, Placed[]>();
  const persons = new Map<string, Placed[]>();
  for (const placed of admitted) {
    const { asked, person } = placed.entry;
    const isAlone = asked.request.replaces !== undefined || (persons.get(person)?.length ?? 0) >= most;
    push(isAlone ? alone : persons, person, placed);
  }
  return { together: lanesOf([...persons.values()]), alone: [...alone.values()] };
}

function lanesOf(persons: Placed[][]): Placed[][] {
  const lanes: Placed[][] = [];
  const open = new Map<string, Placed[]>();
  for (const ofPerson of persons) {
    const partition = partitionOfId(ofPerson[0]?.entry.id ?? '');
    const lane = open.get(partition);
    if (lane && lane.length + ofPerson.length <= LANE) {
      lane.push(...ofPerson);
      continue;
    }
    const begun = [...ofPerson];
    open.set(partition, begun);
    lanes.push(begun);
  }
  return lanes;
}

function push(lists: Map<string, Placed[]>, key: string, placed: Placed): void {
  const list = lists.get(key);
  if (list) list.push(placed);
  else lists.set(key, [placed]);
}
