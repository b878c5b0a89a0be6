import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { BulkEntry } from '../../../../shared/domain/bulkEntry';
import { readCsv } from '../../../../shared/http/bulkCsv';

const read = (text: string) => readCsv(Buffer.from(text));

function entriesOf(text: string): BulkEntry[] {
  const result = read(text);
  if (!result.ok) throw new Error(JSON.stringify(result.answer));
  return result.entries;
}

const bodiesOf = (text: string) => entriesOf(text).map(({ body }) => body);

function refusalOf(text: string | Buffer) {
  const result = readCsv(Buffer.from(text));
  if (result.ok) throw new Error('Nothing was refused.');
  const { error } = result.answer.jsonBody as { error: { code: string; message: string; details?: object[] } };
  return { status: result.answer.status, ...error };
}

const sample = (name: string) => readFileSync(path.join(__dirname, '../../../../samples', name), 'utf8');

const TEMPLATE =
  'version:v1.0\r\n' +
  'Email address to invite [inviteeEmail] Required,Redirection url [inviteRedirectURL] Required,' +
  'Send invitation message (true or false) [sendEmail],Customized invitation message [customizedMessageBody]\r\n';

describe('Microsoft’s template', () => {
  it('is read as it is', () => {
    expect(entriesOf(`${TEMPLATE}ann@fabrikam.com,https://myapp.contoso.com,TRUE,Welcome!\r\n`)).toEqual([
      {
        line: 3,
        body: {
          invitedUserEmailAddress: 'ann@fabrikam.com',
          inviteRedirectUrl: 'https://myapp.contoso.com',
          sendInvitationMessage: true,
          invitedUserMessageInfo: { customizedMessageBody: 'Welcome!' },
        },
      },
    ]);
  });

  it('is read as a spreadsheet saves it: ; for , and delimiters behind the version', () => {
    const text = `\ufeff${TEMPLATE.replace('v1.0', 'v1.0,,,').replaceAll(',', ';')}ann@fabrikam.com;;false;\r\n;;;\r\n`;
    expect(bodiesOf(text)).toEqual([{ invitedUserEmailAddress: 'ann@fabrikam.com', sendInvitationMessage: false }]);
  });

  it('is read with other words around the names in brackets', () => {
    expect(bodiesOf('version:v1.0\nE-Mail-Adresse [inviteeEmail] Erforderlich\nann@fabrikam.com')).toEqual([
      { invitedUserEmailAddress: 'ann@fabrikam.com' },
    ]);
  });

  it('is refused in a version that nobody knows', () => {
    expect(refusalOf('version:v2.0\nEmail [inviteeEmail]\na@fabrikam.com')).toMatchObject({
      status: 400,
      code: 'invalidCsv',
      message: 'The CSV is of a version that is not known here; version:v1.0 is.',
    });
  });
});

describe('columns', () => {
  it('take property names, dotted where nested, in either case, and lists with ;', () => {
    const header =
      'InvitedUserEmailAddress,invitedUserMessageInfo.messageLanguage,invitedUserMessageInfo.ccRecipients,' +
      'reminders.after,reminders.timeZone,groups,metadata.costCentre,approval.required';
    expect(bodiesOf(`${header}\nann@fabrikam.com,de-DE,boss@fabrikam.com,P1D; P3D,Europe/Berlin,,12,true`)).toEqual([
      {
        invitedUserEmailAddress: 'ann@fabrikam.com',
        invitedUserMessageInfo: {
          messageLanguage: 'de-DE',
          ccRecipients: [{ emailAddress: { address: 'boss@fabrikam.com' } }],
        },
        reminders: { after: ['P1D', 'P3D'], timeZone: 'Europe/Berlin' },
        metadata: { costCentre: '12' },
        approval: { required: true },
      },
    ]);
  });

  it('share items with several people in a cell', () => {
    expect(
      bodiesOf('kind,target,roles,recipients\ndriveItem,/drives/b!1/items/01A,read;write,"a@b.com;c@d.com"'),
    ).toEqual([
      {
        kind: 'driveItem',
        target: '/drives/b!1/items/01A',
        roles: ['read', 'write'],
        recipients: [{ email: 'a@b.com' }, { email: 'c@d.com' }],
      },
    ]);
  });

  it('are refused by name when nobody knows them or they come twice', () => {
    expect(refusalOf('invitedUserEmailAddress,Department,inviteeEmail\na@b.com,HR,c@d.com')).toMatchObject({
      status: 400,
      code: 'invalidCsv',
      details: [
        { code: 'unknownColumn', target: 'Department' },
        { code: 'repeatedColumn', target: 'inviteeEmail' },
      ],
    });
  });

  it('that are none, because the header is missing, are not repeated: they are addresses', () => {
    const refusal = refusalOf('ann@fabrikam.com,https://myapp.contoso.com\nbob@fabrikam.com,');
    expect(JSON.stringify(refusal)).not.toContain('fabrikam');
    expect(refusal.details).toMatchObject([{ target: '(no name)' }, { target: '(no name)' }]);
  });

  it('without a heading are let be while they are empty, and told of the line where they are not', () => {
    const [first, second] = entriesOf('externalId,,\n1,,\n2,,x\n');
    expect([first?.faults, second]).toMatchObject([
      undefined,
      { line: 3, faults: [{ code: 'cellWithoutColumn', target: 'cell 3' }] },
    ]);
  });

  it('keep what is no flag for the schema to refuse', () => {
    expect(bodiesOf('sendInvitationMessage\nvielleicht')).toEqual([{ sendInvitationMessage: 'vielleicht' }]);
  });

  it('of metadata take a name that would do harm for what it is', () => {
    const [body] = bodiesOf('metadata.__proto__\nx') as { metadata: object }[];
    expect([Object.getPrototypeOf(body?.metadata), Object.keys(body?.metadata ?? {})]).toEqual([
      Object.prototype,
      ['__proto__'],
    ]);
  });
});

describe('lines', () => {
  it.each([
    ['\n', '\n'],
    ['\r\n', '\r\n'],
    ['\r', '\r'],
  ])('end with %j, count from 1 where the entry begins, and empty ones are passed over', (_name, end) => {
    const text = ['externalId,customizedMessageBody', '1,"two', 'lines"', '', ' , ', '2,', '3'].join(end);
    expect(entriesOf(text).map(({ line, body }) => [line, body])).toEqual([
      [2, { externalId: '1', invitedUserMessageInfo: { customizedMessageBody: `two${end}lines` } }],
      [6, { externalId: '2' }],
      [7, { externalId: '3' }],
    ]);
  });

  it('say where a quote is broken, and nothing of the cell', () => {
    const open = refusalOf('externalId\n1\n"ann@fabrikam.com');
    expect([open.code, open.message]).toEqual([
      'invalidCsv',
      'The CSV is broken in the entry at line 3: a quote is not closed.',
    ]);
    expect(refusalOf('externalId\nann"@fabrikam.com').message).toMatch(
      /^The CSV is broken in the entry at line 2: a quote/,
    );
  });

  it('are a thousand at most', () => {
    const rows = (count: number) => `externalId\n${Array.from({ length: count }, (_, nth) => nth).join('\n')}`;
    expect(entriesOf(rows(1000))).toHaveLength(1000);
    expect(refusalOf(rows(1001))).toMatchObject({ status: 413, code: 'tooManyEntries' });
    expect(refusalOf(`recipients\n"${Array.from({ length: 1001 }, () => 'a@b.com').join(';')}"`)).toMatchObject({
      status: 413,
    });
  });

  it('of nothing, of nothing but ends and of nothing but delimiters are refused', () => {
    expect(refusalOf('').message).toBe('The CSV has no header line with the names of its columns.');
    expect(refusalOf('\n'.repeat(1024 * 1024)).status).toBe(413);
    expect(refusalOf(','.repeat(1024 * 1024)).message).toBe('The CSV has a line of more than 200 cells.');
    expect(refusalOf(`externalId\n${','.repeat(201)}`).message).toBe('The CSV has a line of more than 200 cells.');
  });

  it('that are not UTF-8 are refused with what to do', () => {
    expect(refusalOf(Buffer.from('externalId\nM\xfcller', 'latin1')).message).toMatch(/^The CSV is not UTF-8 text/);
  });
});

it('takes what a spreadsheet would take for a formula as text', () => {
  const cells = ['=1+1', '+49 30 1', '-1', '@home', "'=quoted"];
  expect(bodiesOf(`externalId\n${cells.join('\n')}`)).toEqual(cells.map((externalId) => ({ externalId })));
});

it('reads the samples', () => {
  expect(bodiesOf(sample('bulk-invite-template.csv'))).toHaveLength(3);
  expect(bodiesOf(sample('new-hires.csv'))).toHaveLength(25);
});

/** A cell as RFC 4180 writes it. */
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

const cell = fc
  .string({ unit: 'binary', maxLength: 40 })
  .filter((text) => text.trim() !== '' && !/\p{Surrogate}/u.test(text));

it('gives back whatever cells were written', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }),
      fc.constantFrom(',', ';'),
      fc.constantFrom('\n', '\r\n'),
      (rows, delimiter, end) => {
        const lines = [`externalId${delimiter}source`, ...rows.map((row) => row.map(quoted).join(delimiter))];
        expect(bodiesOf(lines.join(end))).toEqual(rows.map(([externalId, source]) => ({ externalId, source })));
      },
    ),
  );
});

it('never throws, whatever bytes come', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('a', ',', ';', '"', '\n', '\r', '\ufeff', '[', ']', ':', ' ', '.'),
        maxLength: 60,
      }),
      (noise) => {
        expect(typeof read(noise).ok).toBe('boolean');
        expect(typeof read(`externalId,source\n${noise}`).ok).toBe('boolean');
      },
    ),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readCsv(Buffer.from(bytes))));
});
