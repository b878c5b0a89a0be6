import type { InvitationFilter } from '../../shared/domain/invitationFilter';
import type { ListPosition } from '../../shared/tables/lists';
import { costOf } from './ticks';
import type { World } from './world';

/** What reading a list cost, page by page. */
export interface ListCost {
  given: number;
  requests: number;
  /** Index entries and invitations that the server looked at. */
  entitiesRead: number;
  entitiesReturned: number;
}

const PAGE_SIZE = 100;

export async function measureList(world: World, filter: InvitationFilter, pages: number): Promise<ListCost> {
  const { tables, services } = world;
  await tables.reset();
  let given = 0;
  let from: ListPosition | undefined;
  for (let page = 0; page < pages; page += 1) {
    const { found, next } = await services.listInvitations({ filter, pageSize: PAGE_SIZE, ...(from ? { from } : {}) });
    given += found.length;
    from = next;
    if (!from) break;
  }
  return { given, ...costOf(await tables.counts()) };
}
