import { readFileSync } from 'node:fs';
import path from 'node:path';
import { markdownOf, withTable } from '../../../bench/document';

describe('markdownOf', () => {
  it('has a line a row, and says how and where it was measured', () => {
    const markdown = markdownOf(
      {
        name: 'drain',
        command: 'npm run bench -- drain --full --seed 1',
        seed: 1,
        machine: { cpu: 'AMD EPYC', cores: 2, memoryGiB: 24, node: 'v20.20.2', system: 'linux', load: 0.3 },
        versions: { commit: 'abc1234' },
        startedAt: '2026-11-21T08:00:00.000Z',
        seconds: 90,
        rows: [
          {
            what: 'a | b',
            ours: 97.4,
            limit: 100,
            unit: '%',
            ratio: 0.974,
            min: 96,
            max: 98,
            runs: 3,
            aim: '≥ 97 %',
            met: true,
          },
        ],
      },
      'drain.full',
    );
    expect(markdown.split('\n')).toEqual([
      '|  | ours | peer | limit | ratio | min–max of runs | aim |',
      '| --- | --: | --: | --: | --: | --: | --- |',
      '| a \\| b | 97.4 % |  | 100 | 0.974 | 96–98 of 3 | ✓ ≥ 97 % |',
      '',
      '`npm run bench -- drain --full --seed 1` on 2026-11-21: 2 cores of AMD EPYC, Node 20.20.2, load 0.3 when it began, commit abc1234. Every run is in [bench/results/drain.full.json](../bench/results/drain.full.json) (drain).',
    ]);
  });
});

describe('withTable', () => {
  const document = 'Before\n\n<!-- bench:drain -->\n\nold\n\n<!-- /bench:drain -->\n\nAfter\n';

  it('puts the table in place of the one that was there, and leaves the rest', () => {
    const once = withTable(document, 'drain', 'new');
    expect(once).toBe('Before\n\n<!-- bench:drain -->\n\nnew\n\n<!-- /bench:drain -->\n\nAfter\n');
    expect(withTable(once, 'drain', 'new')).toBe(once);
  });

  it('says what the document should have where it has no place for it', () => {
    expect(() => withTable(document, 'due', 'new')).toThrow(
      'docs/performance.md has no place for due: it should be <!-- bench:due --> and <!-- /bench:due -->.',
    );
  });
});

describe('docs/performance.md', () => {
  it.each(['drain', 'overhead', 'ingest', 'due', 'memory', 'coldStart', 'simulate'])('has a place for %s', (name) => {
    const document = readFileSync(path.join(__dirname, '..', '..', '..', 'docs', 'performance.md'), 'utf8');
    expect(withTable(document, name, '')).toContain(`<!-- bench:${name} -->`);
  });
});
