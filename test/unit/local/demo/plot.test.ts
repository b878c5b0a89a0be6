import path from 'node:path';
import { readNewHires } from '../../../../local/demo/newHires';
import { partOf } from '../../../../local/demo/plot';

const hires = readNewHires(path.join(__dirname, '..', '..', '..', '..', 'samples', 'new-hires.csv'));
const who = (is: (part: ReturnType<typeof partOf>) => boolean): string[] =>
  hires.filter(({ externalId }) => is(partOf(externalId))).map((hire) => hire.invitedUserEmailAddress);

describe('samples/new-hires.csv', () => {
  it('has 25 lines with an id of their own', () => {
    expect(hires).toHaveLength(25);
    expect(new Set(hires.map(({ externalId }) => externalId)).size).toBe(25);
  });

  it('plays every part on the line that it is meant for', () => {
    expect(who(({ answer }) => answer === 400)).toEqual(['miriam.graham@proseware']);
    expect(who(({ answer }) => answer === 200)).toEqual(['Johanna.Lorenz@TreyResearch.net']);
    expect(who(({ status }) => status === 'failed')).toEqual(['megan.bowen@contoso.com']);
    expect(who(({ isGuestAlready }) => isGuestAlready === true)).toEqual(['lynne.robbins@tailspintoys.com']);
    expect(who(({ fault }) => fault?.answer === 429)).toEqual(['ilanger@northwindtraders.com']);
    expect(who(({ fault }) => fault?.answer === 503)).toEqual(['joni.sherman@treyresearch.net']);
    expect(who(({ fault }) => fault?.answer === 'resetAfter')).toEqual(['lidia.holloway@wingtiptoys.com']);
    expect(who(({ acceptsAfter }) => acceptsAfter === 2)).toHaveLength(4);
    expect(who(({ status }) => status === 'expired')).toHaveLength(4);
  });
});
