import { Readable } from 'node:stream';
import type { Entry } from '../../../cli/people/people';
import { readCsv } from '../../../cli/people/readCsv';
import { collect, cut, pieces } from '../../support/pieces';

const entries = (text: string, size = text.length): Promise<Entry[]> =>
  collect(readCsv(text === '' ? pieces() : cut(text, size), 'people.csv'));
const bodies = async (text: string) =>
  (await entries(text)).map((entry) => ('body' in entry ? entry.body : entry.fault));
const numbers = async (text: string) => (await entries(text)).map(({ line }) => line);

describe('readCsv', () => {
  it('takes Microsoft’s template for inviting guests in bulk as it is', async () => {
    const template = [
      'version:v1.0,,,',
      'Email address to invite [inviteeEmail] Required,Redirection url [inviteRedirectURL] Required,Send invitation message (true or false) [sendEmail],Customized invitation message [customizedMessageBody]',
      'ada@fabrikam.com,https://myapp.contoso.com,TRUE,"Hello, Ada"',
      'bob@fabrikam.com,https://myapp.contoso.com,,',
    ].join('\r\n');
    expect(await bodies(template)).toEqual([
      {
        invitedUserEmailAddress: 'ada@fabrikam.com',
        inviteRedirectUrl: 'https://myapp.contoso.com',
        sendInvitationMessage: true,
        invitedUserMessageInfo: { customizedMessageBody: 'Hello, Ada' },
      },
      { invitedUserEmailAddress: 'bob@fabrikam.com', inviteRedirectUrl: 'https://myapp.contoso.com' },
    ]);
  });

  it('reads lists, booleans, nested names and metadata by the API’s own names, in any case', async () => {
    const text =
      'INVITEDUSEREMAILADDRESS,resetRedemption,reminders.after,reminders.timeZone,groups,metadata.costCenter\n' +
      'a@x.org,false,P3D;P7D,Europe/Berlin,11111111-1111-4111-8111-111111111111,4711\n';
    expect(await bodies(text)).toEqual([
      {
        invitedUserEmailAddress: 'a@x.org',
        resetRedemption: false,
        reminders: { after: ['P3D', 'P7D'], timeZone: 'Europe/Berlin' },
        groups: ['11111111-1111-4111-8111-111111111111'],
        metadata: { costCenter: '4711' },
      },
    ]);
  });

  it.each([
    ['semicolons, as a German Excel saves', 'email;name\na@x.org;Müller, A\n', 'Müller, A'],
    ['tabs', 'email\tname\na@x.org\tA; B, C\n', 'A; B, C'],
    ['commas, with a mark in front', '\ufeffemail,name\na@x.org,"A, B"\n', 'A, B'],
  ])('finds out that a file is separated by %s', async (_, text, invitedUserDisplayName) => {
    expect(await bodies(text)).toEqual([{ invitedUserEmailAddress: 'a@x.org', invitedUserDisplayName }]);
  });

  it('takes addresses alone, one a line, without a header', async () => {
    expect(await bodies('a@x.org\n\n b@x.org \n')).toEqual([
      { invitedUserEmailAddress: 'a@x.org' },
      { invitedUserEmailAddress: 'b@x.org' },
    ]);
  });

  it('counts lines as editors do, over empty lines and line ends within quotes', async () => {
    expect(await numbers('email,name\n\na@x.org,"A\nB"\nb@x.org,B\r\n\r\nc@x.org,"C"')).toEqual([3, 5, 7]);
  });

  it('leaves what looks like a formula as it is: nothing here computes', async () => {
    expect(await bodies('email,name\na@x.org,=1+1\n')).toEqual([
      { invitedUserEmailAddress: 'a@x.org', invitedUserDisplayName: '=1+1' },
    ]);
  });

  it('takes a line with too many cells for a fault of that line alone', async () => {
    expect(await bodies('email,name\na@x.org,Lorenz, Johanna\nb@x.org,B\nc@x.org')).toEqual([
      'has 3 cells where the header names 2: put a cell that holds a separator in quotes.',
      { invitedUserEmailAddress: 'b@x.org', invitedUserDisplayName: 'B' },
      { invitedUserEmailAddress: 'c@x.org' },
    ]);
  });

  it('makes a property even of a name that JavaScript knows', async () => {
    const [body] = (await bodies('email,metadata.__proto__\na@x.org,x\n')) as { metadata: object }[];
    expect(Object.keys(body!)).toEqual(['invitedUserEmailAddress', 'metadata']);
    expect(Object.keys(body!.metadata)).toEqual(['__proto__']);
  });

  it.each([
    [
      'email,salary\na@x.org,1\n',
      /columns that mean nothing here: "salary"\. Take them out, or call them metadata\.NAME/,
    ],
    ['email,inviteeEmail\na@x.org,b@x.org\n', /two columns for the same: "inviteeEmail" is the second/],
    ['name,language\nAda,de\n', /no column with addresses/],
    ['email,name\n', /a header line and nobody below it/],
    ['version:v1.0\n', /a version line and nothing below it/],
    ['email,name\na@x.org,"Ada\nb@x.org,B\n', /can’t be read as CSV from line \d on: a quote/],
  ])('refuses %j and says why', async (text, message) => {
    await expect(entries(text)).rejects.toThrow(message);
  });

  it('gives up a quote that is not closed before all of a long file is one cell', async () => {
    let read = 0;
    const text = Readable.from(
      (function* () {
        for (; read < 1000; read += 1) yield `email,name\na@x.org,"${'x'.repeat(64 * 1024)}`;
      })(),
    );
    const all = collect(readCsv(text.iterator() as AsyncGenerator<string, void>, 'people.csv'));
    await expect(all).rejects.toThrow(/can’t be read as CSV from line \d on: a quote/);
    expect(read).toBeLessThan(100);
  });

  it('reads the same however it comes in pieces', async () => {
    const text = 'version:v1.0\r\nemail;name\r\na@x.org;"A\r\n""B"""\r\n\r\nb@x.org;B;C\rc@x.org;\u00fc\n';
    const whole = await entries(text);
    expect(whole.map(({ line }) => line)).toEqual([3, 6, 7]);
    for (let size = 1; size < text.length; size += 1) expect(await entries(text, size)).toEqual(whole);
  });
});
