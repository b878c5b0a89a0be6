import { edited } from '../../support/bicep';
import { askedEvents, queryFaults, readQueries, wordsWhereEventsAreLogged } from '../../support/kql';

const QUERIES = readQueries();

/** One of the queries, changed. */
function planted(name: string, find: string, replace: string): string[] {
  const text = QUERIES.find((query) => query.name === name)?.text ?? '';
  return queryFaults({ name, text: edited(text, [[find, replace]]) });
}

describe('the queries of infra/kql', () => {
  it.each(QUERIES.map((query) => [query.name, query] as const))(
    '%s asks tables and lines of the log for what they have',
    (_, query) => {
      expect(queryFaults(query)).toEqual([]);
    },
  );

  it('ask for events that some function logs', () => {
    const logged = wordsWhereEventsAreLogged();
    expect(askedEvents(QUERIES).length).toBeGreaterThan(8);
    expect(askedEvents(QUERIES).filter((event) => !logged.includes(event))).toEqual([]);
  });
});

describe('a planted fault is found:', () => {
  it.each([
    ['a bracket too few', 'timerRuns', 'count()', 'count(', 'timerRuns.kql: line 6: Expected: )'],
    ['a table that is not there', 'timerRuns', 'AppTraces', 'AppTrace', "The name 'AppTrace' does not refer to"],
    ['a column that the table lacks', 'errorRate', '(ResultCode)', '(StatusCode)', "The name 'StatusCode' does not"],
    [
      'a comparison of other types',
      'errorRate',
      'status >= 500',
      'status >= "500"',
      "'>=' is not defined for the operand types int and string",
    ],
    ['a column that was summarised away', 'timerRuns', 'count()', 'count() | where line.event == ""', "'line'"],
    ['a word of the language as a name', 'needsReview', "['kind'] =", 'kind =', "'kind' needs to be bracketed"],
    [
      'an event that nobody logs',
      'needsReview',
      'line.event == "needsReview"',
      'line.event == "review"',
      'needsReview.kql: nobody logs review',
    ],
    ['a word that no line has', 'overdue', 'has "timerRan"', 'has "timer ran"', 'no line of the log has timer ran'],
    ['a field that the event lacks', 'overdue', 'line.overdue', 'line.late', 'overdue.kql: timerRan has no late'],
    ['a field that only another event has', 'failures', 'line.errorCode', 'line.limit', 'failed has no limit'],
    ['a field that no line with that word has', 'waiting', 'line.secondsToSend', 'line.minutes', 'has no minutes'],
    ['a query that does not say what it is for', 'timerRuns', '// Runs', 'AppTraces // Runs', 'does not say what'],
  ])('%s', (_, name, find, replace, fault) => {
    expect(planted(name, find, replace).join('\n')).toContain(fault);
  });
});
