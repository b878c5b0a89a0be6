import type { People, RequestBody } from '../../../cli/people/people';
import { collect, pieces } from '../../support/pieces';
import { durationOf, instantOf, type RequestOptions, withOptions } from '../../../cli/people/requestOptions';

const file = (...bodies: RequestBody[]): People => ({
  name: 'f',
  isFile: true,
  entries: () => pieces(...bodies.map((body, index) => ({ line: index + 1, body }))),
});

const filled = async (options: RequestOptions, ...bodies: RequestBody[]): Promise<unknown[]> =>
  (await collect(withOptions(file(...bodies), options).entries())).map((entry) => 'body' in entry && entry.body);

describe('withOptions', () => {
  it('fills in what a line leaves out, and leaves what it says', async () => {
    const options: RequestOptions = {
      redirectUrl: 'https://a.example',
      language: 'de-DE',
      message: false,
      remind: '3d,1w',
      timeZone: 'Europe/Berlin',
      expire: '30d',
      approval: true,
      group: ['g'],
      source: 's',
      onDuplicate: 'reject',
      notBefore: '2026-12-01T09:00Z',
    };
    const own = {
      invitedUserEmailAddress: 'b@x.org',
      expireAfter: 'P1D',
      sendInvitationMessage: true,
      invitedUserMessageInfo: { messageLanguage: 'fr-FR', customizedMessageBody: 'x' },
      reminders: { after: [] },
    };
    expect(await filled(options, { invitedUserEmailAddress: 'a@x.org' }, own)).toEqual([
      {
        invitedUserEmailAddress: 'a@x.org',
        inviteRedirectUrl: 'https://a.example',
        sendInvitationMessage: false,
        invitedUserMessageInfo: { messageLanguage: 'de-DE' },
        groups: ['g'],
        reminders: { after: ['P3D', 'P1W'], timeZone: 'Europe/Berlin' },
        notBefore: '2026-12-01T09:00:00.000Z',
        expireAfter: 'P30D',
        approval: { required: true },
        source: 's',
        onDuplicate: 'reject',
      },
      {
        invitedUserEmailAddress: 'b@x.org',
        inviteRedirectUrl: 'https://a.example',
        sendInvitationMessage: true,
        invitedUserMessageInfo: { messageLanguage: 'fr-FR', customizedMessageBody: 'x' },
        groups: ['g'],
        reminders: { after: [], timeZone: 'Europe/Berlin' },
        notBefore: '2026-12-01T09:00:00.000Z',
        expireAfter: 'P1D',
        approval: { required: true },
        source: 's',
        onDuplicate: 'reject',
      },
    ]);
  });

  it('adds nothing where no flag is given', async () => {
    expect(await filled({ message: true }, { invitedUserEmailAddress: 'a@x.org' })).toEqual([
      { invitedUserEmailAddress: 'a@x.org' },
    ]);
  });

  it('gives other kinds what they know, and by their names', async () => {
    const options: RequestOptions = { language: 'de-DE', message: false, remind: 'none', expire: '1d', group: ['g'] };
    expect(await filled(options, { kind: 'driveItem' }, { kind: 'linkedIn' })).toEqual([
      { kind: 'driveItem', sendInvitation: false, reminders: { after: [] }, expireAfter: 'P1D' },
      { kind: 'linkedIn', expireAfter: 'P1D' },
    ]);
  });

  it('has a name for one address, not for a file', async () => {
    expect(() => withOptions(file({}), { name: 'Ada' })).toThrow('--name is for one address.');
    const one = { name: 'a@x.org', isFile: false, entries: () => pieces({ line: 1, body: {} }) };
    expect(await collect(withOptions(one, { name: 'Ada' }).entries())).toEqual([
      { line: 1, body: { invitedUserDisplayName: 'Ada' } },
    ]);
  });
});

describe('durationOf', () => {
  it.each([
    ['30m', 'PT30M'],
    ['12h', 'PT12H'],
    ['3D', 'P3D'],
    ['2w', 'P2W'],
    ['p1m', 'P1M'],
  ])('takes %s', (text, iso) => {
    expect(durationOf(text, '--expire')).toBe(iso);
  });

  it.each(['', '3', '3x', '0d', '-3d', '11y', '99999d'])('refuses %j', (text) => {
    expect(() => durationOf(text, '--expire')).toThrow(`--expire: "${text}" is no duration.`);
  });
});

describe('instantOf', () => {
  it('goes by the offset, and by this machine’s clock where there is none', () => {
    expect(instantOf('2026-12-01T09:00+02:00', '-')).toBe('2026-12-01T07:00:00.000Z');
    expect(instantOf('2026-12-01 09:00', '-')).toBe(new Date(2026, 11, 1, 9).toISOString());
    expect(instantOf('2026-12-01', '-')).toBe(new Date(2026, 11, 1).toISOString());
  });

  it.each(['', 'soon', '12', '2026-13-01', '01.12.2026'])('refuses %j', (text) => {
    expect(() => instantOf(text, '--not-before')).toThrow(`--not-before: "${text}" is no date.`);
  });
});
