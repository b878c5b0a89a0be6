import { itemsOf, sizeOf } from '../../../../shared/domain/bulkEntry';
import { rules } from '../../../support/requests';

const GIVEN = rules({ inviteRedirectUrl: 'https://myapp.contoso.com' });
const guest = { body: { invitedUserEmailAddress: 'ann@fabrikam.com' } };
const share = (...recipients: object[]) => ({
  body: { kind: 'driveItem', target: '/drives/b!1/items/01ABC', roles: ['read'], recipients },
});
const ANN = { email: 'ann@fabrikam.com' };
const BOB = { email: 'bob@fabrikam.com' };

describe('an entry of a bulk request', () => {
  it.each([
    [{}, 1],
    [{ recipients: [] }, 1],
    [{ recipients: [1, 2, 3] }, 3],
    [{ recipients: 'three' }, 1],
    [null, 1],
    ['text', 1],
  ])('%j counts for %i', (body, size) => {
    expect(sizeOf(body)).toBe(size);
  });

  it('names each person of a share, and nobody where there is one', () => {
    const places = itemsOf([guest, share(ANN, BOB), share(ANN)], GIVEN).map(({ index, recipient }) => [
      index,
      recipient,
    ]);
    expect(places).toEqual([
      [0, undefined],
      [1, 0],
      [1, 1],
      [2, undefined],
    ]);
  });

  it('keeps its place, from which its id follows, when another setting refuses the one before it', () => {
    const entries = [share(ANN, BOB), guest];
    const positions = (blockedEmailDomains: string[]) =>
      itemsOf(entries, { ...GIVEN, blockedEmailDomains }).map(({ position }) => position);
    expect([positions([]), positions(['fabrikam.com'])]).toEqual([
      [0, 1, 2],
      [0, 2],
    ]);
  });

  it('is not looked at where it could not be read', () => {
    const faults = [{ code: 'cellWithoutColumn', target: 'cell 3', message: 'Cell 3 stands in no column.' }];
    expect(itemsOf([{ ...guest, line: 2, faults }], GIVEN)).toEqual([
      { index: 0, line: 2, position: 0, faults, size: 1 },
    ]);
  });
});
