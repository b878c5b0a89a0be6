import { type Workbook, alertFaults, runbookFaults, severitiesOf, workbookFaults } from '../../support/alerts';
import { type Edits, edited, readInfra, readJson, readText } from '../../support/bicep';
import type { Check } from '../../support/bicepChecks';

const RUNBOOK = readText('docs/operations.md');
const WORKBOOK = readJson('infra/workbooks/invitations.json') as Workbook;

interface HostJson {
  logging: { applicationInsights: { samplingSettings: { isEnabled: boolean; excludedTypes?: string } } };
}

/** Whether lines of the log may be left out under load: an alert on a single one would miss it. */
function samplingFaults({ logging }: HostJson): string[] {
  const { isEnabled, excludedTypes = '' } = logging.applicationInsights.samplingSettings;
  return isEnabled && !excludedTypes.split(';').includes('Trace') ? ['lines of the log are sampled'] : [];
}

describe('the alerts', () => {
  it('are these, by severity', async () => {
    expect(severitiesOf(await readInfra())).toEqual({
      consentLost: 1,
      overdue: 1,
      noTimerRun: 1,
      errorRate: 1,
      needsReview: 2,
      deadLettered: 2,
      mappingFailed: 2,
      webhookGivenUp: 2,
      deadLettersLeft: 2,
    });
  });

  it('compute what their queries give, and are never muted for longer than they look back', async () => {
    expect(alertFaults(await readInfra())).toEqual([]);
  });

  it('have each its section in docs/operations.md, and each section its alert', async () => {
    expect(runbookFaults(await readInfra(), RUNBOOK)).toEqual([]);
  });

  it('see every line of the log, for none is sampled', () => {
    expect(samplingFaults(readJson('host.json') as HostJson)).toEqual([]);
  });
});

describe('the workbook', () => {
  it('shows every query of infra/kql, each for the time that is chosen', async () => {
    expect(workbookFaults(await readInfra(), WORKBOOK)).toEqual([]);
  });
});

const ALERTS = 'modules/alerts.bicep';
const BOOK = 'modules/workbook.bicep';
const inRunbook = (find: string, replace: string): Check => {
  return (files) => runbookFaults(files, edited(RUNBOOK, [[find, replace]]));
};
const inWorkbook = (change: (workbook: Workbook) => void): Check => {
  const workbook = structuredClone(WORKBOOK);
  change(workbook);
  return (files) => workbookFaults(files, workbook);
};
const showsAll: Check = (files) => workbookFaults(files, WORKBOOK);

describe('a planted fault is found:', () => {
  it.each<[string, Check, Edits, string]>([
    [
      'an alert whose query is not there',
      alertFaults,
      { [ALERTS]: [['kql/overdue.kql', 'kql/late.kql']] },
      'overdue has no query of infra/kql',
    ],
    [
      'an alert on a column that its query does not give',
      alertFaults,
      { [ALERTS]: [["column: 'runs'", "column: 'ran'"]] },
      'noTimerRun: ran is no number of its query',
    ],
    [
      'an alert on a column of texts',
      alertFaults,
      { [ALERTS]: [["column: 'oldestOverdueSeconds'", "column: 'timer'"]] },
      'overdue: timer is no number of its query',
    ],
    [
      'an alert that keeps quiet for longer than it looks back',
      alertFaults,
      {
        [ALERTS]: [
          [
            "kql/needsReview.kql')\n    aggregation: 'Count'\n    column: null\n    operator: 'GreaterThan'\n    threshold: 0\n    window: 'PT1H'",
            "kql/needsReview.kql')\n    aggregation: 'Count'\n    column: null\n    operator: 'GreaterThan'\n    threshold: 0\n    window: 'PT30M'",
          ],
        ],
      },
      'needsReview is muted for longer than it looks back',
    ],
    [
      'an alert without a section of the runbook',
      (files) => runbookFaults(files, RUNBOOK),
      { [ALERTS]: [["name: 'overdue'", "name: 'late'"]] },
      'late has no section\nthere is no alert overdue',
    ],
    [
      'a section that says another severity',
      inRunbook('Severity 1. Microsoft', 'Severity 2. Microsoft'),
      {},
      'consentLost does not say that it has severity 1',
    ],
    [
      'a query that the workbook does not show',
      inWorkbook(({ items }) => items.pop()),
      {},
      'webhookGivenUp.kql is not shown in the workbook',
    ],
    [
      'a query of the workbook that is not put there',
      showsAll,
      { [BOOK]: [["  'pace.kql': loadTextContent('../kql/pace.kql')\n", '']] },
      'pace.kql is not put into the workbook',
    ],
    [
      'one query in the place of another',
      showsAll,
      { [BOOK]: [["loadTextContent('../kql/pace.kql')", "loadTextContent('../kql/funnel.kql')"]] },
      'pace.kql is another',
    ],
    [
      'a query for all time',
      inWorkbook(({ items }) => delete items.at(-1)?.content.timeContextFromParameter),
      {},
      'webhookGivenUp has no time range',
    ],
  ])('%s', async (_, check, edits, fault) => {
    expect(check(await readInfra(edits)).join('\n')).toContain(fault);
  });

  it('lines of the log that are sampled', () => {
    const samplingSettings = { isEnabled: true, excludedTypes: 'Request' };
    expect(samplingFaults({ logging: { applicationInsights: { samplingSettings } } })).toEqual([
      'lines of the log are sampled',
    ]);
  });
});
