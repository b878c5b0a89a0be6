import type { ShownInvitation } from '../../../../local/demo/invitationApi';
import { outcomeTable, verdictOf } from '../../../../local/demo/report';
import type { Line } from '../../../../local/demo/story';

const hire = (invitedUserEmailAddress: string) => ({
  externalId: 'E1',
  invitedUserEmailAddress,
  invitedUserDisplayName: 'Ann',
  messageLanguage: 'en-US',
});

const invitation = (changes: Partial<ShownInvitation> = {}): ShownInvitation => ({
  id: '1',
  status: 'accepted',
  sends: [{ cause: 'first', status: 'sent' }],
  history: [{ what: 'sent' }, { what: 'accepted' }],
  ...changes,
});

/** Somebody who accepts after the first mail, as it must be. */
const line = (changes: Partial<Line> = {}): Line => ({
  hire: hire('ann@fabrikam.com'),
  part: { answer: 202, status: 'accepted', mails: 1 },
  answer: { status: 202, id: '1' },
  repeated: { status: 202, id: '1' },
  invitation: invitation(),
  mails: [{ to: 'ann@fabrikam.com', clientRequestId: 'a' }],
  ...changes,
});

const verdict = (...lines: Line[]) => verdictOf({ lines, mails: lines.flatMap(({ mails }) => mails) });

describe('verdictOf', () => {
  it('finds no fault when all is as it must be, and says what was counted', () => {
    expect(verdict(line())).toEqual({
      faults: [],
      sentences: [
        '1 accepted.',
        '1 mails sent by Graph, 1 recorded (1 first, 0 reminders), 0 doubled.',
        'The file was sent twice with the same Idempotency-Keys: 1 of 1 answers as before, nobody invited again.',
      ],
    });
  });

  it('finds a mail that went out twice and was recorded once', () => {
    const [mail] = line().mails;
    const { faults, sentences } = verdict(line({ mails: [mail!, mail!] }));
    expect(sentences[1]).toBe('2 mails sent by Graph, 1 recorded (1 first, 0 reminders), 1 doubled.');
    expect(faults).toEqual(['line 1: the number of mails is 2, and must be 1', '2 mails were sent and 1 recorded']);
  });

  it('finds a mail to somebody who is in no line', () => {
    const stranger = { to: 'stranger@fabrikam.com', clientRequestId: 'b' };
    const { faults } = verdictOf({ lines: [line()], mails: [...line().mails, stranger] });
    expect(faults).toEqual(['2 mails were sent and 1 recorded']);
  });

  it.each<[string, Partial<Line>, string]>([
    ['a wrong status', { invitation: invitation({ status: 'queued' }) }, 'the status is queued, and must be accepted'],
    ['a mail that is only recorded', { mails: [] }, 'the number of mails is 0, and must be 1'],
    [
      'a mail that is not recorded',
      { invitation: invitation({ sends: [] }) },
      'the number of recorded mails is 0, and must be 1',
    ],
    ['a wrong answer', { part: { answer: 400, status: 'accepted', mails: 1 } }, 'the answer is 202, and must be 400'],
    [
      'another answer to the repeat',
      { repeated: { status: 202, id: '2' } },
      'the same line sent again got another answer',
    ],
    [
      'a history that lacks what must be in it',
      { part: { answer: 202, status: 'accepted', mails: 1, shows: 'resolvedSent' } },
      'the history does not tell of "resolvedSent"',
    ],
  ])('finds %s', (_, changes, fault) => {
    expect(verdict(line(changes)).faults).toContain(`line 1: ${fault}`);
  });
});

describe('outcomeTable', () => {
  const rows = (lines: Line[], width = 120, isColoured = false) =>
    outcomeTable(lines, { width, isColoured }).split('\n');

  it('gives the reason that the history tells', () => {
    const lost = invitation({ history: [{ what: 'answerUnknown' }, { what: 'resolvedSent' }, { what: 'accepted' }] });
    const throttled = invitation({ history: [{ what: 'postponed', detail: 'TooManyRequests' }] });
    const failed = invitation({ status: 'failed', sends: [], fault: { code: 'BadRequest', message: 'Not you.' } });
    expect(
      rows([
        line({ invitation: lost }),
        line({ invitation: throttled }),
        line({ invitation: failed, mails: [] }),
        line({ answer: { status: 200, id: '1' } }),
      ]).slice(2),
    ).toEqual([
      '1  ann@fabrikam.com  accepted   1      Answer lost: found as mailed. Accepted after the first mail.',
      '2  ann@fabrikam.com  accepted   1      Throttled (429): waited as told. Accepted after the first mail.',
      '3  ann@fabrikam.com  failed     –      Graph refused: Not you.',
      '4  ann@fabrikam.com  duplicate  1      Same person as 1: answered with that invitation.',
    ]);
  });

  it('breaks the reason where the terminal ends', () => {
    const table = rows([line({ invitation: invitation({ history: [{ what: 'resolvedSent' }] }) })], 70);
    expect(table.length).toBeGreaterThan(3);
    expect(Math.max(...table.map((row) => row.length))).toBeLessThanOrEqual(70);
  });

  it('colours the status only when it is asked to', () => {
    expect(rows([line()]).join('')).not.toContain('\u001b');
    expect(rows([line()], 120, true)[2]).toContain('\u001b[32maccepted\u001b[39m');
  });
});
