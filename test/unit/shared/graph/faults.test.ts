import type { GraphAnswer } from '../../../../shared/graph/callGraph';
import { faultOf } from '../../../../shared/graph/faults';

const refused = (error: object) => {
  const answer: GraphAnswer = {
    type: 'answer',
    status: 400,
    body: { error },
    date: undefined,
    retryAfterMs: undefined,
    throttlePercentage: undefined,
  };
  return faultOf(answer).fault;
};

describe('what is kept of Graph’s words', () => {
  it.each([
    ['The user anna.b@fabrikam.com exists.', 'The user (address) exists.'],
    ['The address ‘Miles.O’Brien@fabrikam.com’ is taken', 'The address ‘(address)’ is taken'],
    ["Resource 'anna_fabrikam.com#EXT#@doc.onmicrosoft.com' is there.", "Resource '(address)' is there."],
    ['Bad mail=anna%40fabrikam.com&x=1', 'Bad (address)'],
    ["No 'o'brien@fabrikam.com'.", "No '(address)'."],
    ['<anna@MÜNCHEN.example>, again', '<(address)>, again'],
    ['See https://login.microsoftonline.com/redeem?rd=https%3a%2f%2fx%2f%3fticket%3dabc now', 'See (URL) now'],
    ['See (https://invitations.microsoft.com/redeem/?tenant=t&user=u&ticket=abc).', 'See ((URL)).'],
    ['The ticket=abc%2b is used up', 'The (ticket) is used up'],
    ['The ticket%3Dabc is used up', 'The (ticket) is used up'],
    [
      'objectID: cbb896f9-8306-49d0-b56b-b8e39cd28825. @ 3 pm',
      'objectID: cbb896f9-8306-49d0-b56b-b8e39cd28825. @ 3 pm',
    ],
  ])('%j holds no address, no URL and no ticket any more', (message, kept) => {
    expect(refused({ code: 'BadRequest', message })).toEqual({ code: 'BadRequest', message: kept });
  });

  it('becomes one line of plain text', () => {
    const message = 'a\r\nb\u2028c\u0000d\ud83de';
    expect(refused({ code: 'BadRequest', message }).message).toBe('a  b c d e');
  });

  it('cuts a message before it is searched, and again after', () => {
    expect(refused({ code: 'BadRequest', message: 'x'.repeat(100_000) }).message).toBe('x'.repeat(1000));
    expect(refused({ code: 'BadRequest', message: `x${'😀'.repeat(600)}` }).message).toBe(`x${'😀'.repeat(499)} `);
  });

  it.each(['anna@fabrikam.com', 'two words', '', 'x'.repeat(101)])('takes the status for the code %j', (code) => {
    expect(refused({ code, message: 'No.' })).toEqual({ code: 'http400', message: 'No.' });
  });
});
