import { readFileSync } from 'node:fs';
import { sectionsOf, withSections } from '../../../../bench/simulate/capacity';
import { figure } from '../../../../bench/simulate/markdown';
import type { BenchResult } from '../../../../bench/result';

const DOCUMENT = readFileSync('docs/capacity.md', 'utf8');
const result = JSON.parse(readFileSync('bench/results/simulate.json', 'utf8')) as BenchResult;

/** Prettier pads the cells of tables, and breaks no line of them. */
const unpadded = (text: string): string =>
  text
    .replace(/ +/g, ' ')
    .replace(/:?-{2,}:?/g, (rule) => (rule.endsWith(':') ? '--:' : '---'))
    .trim();

describe('docs/capacity.md', () => {
  const sections = sectionsOf(result);

  it.each(Object.keys(sections))('has the figures of bench/results/simulate.json: %s', (name) => {
    const [, shown = ''] = DOCUMENT.split(new RegExp(`<!-- /?simulate:${name} -->`));
    expect(unpadded(shown)).toBe(unpadded(sections[name] ?? ''));
    expect(shown.trim()).not.toBe('');
  });

  it('has no place that nothing is put into', () => {
    const places = [...DOCUMENT.matchAll(/<!-- simulate:(\w+) -->/g)].map(([, name]) => name);
    expect(places.toSorted()).toEqual(Object.keys(sections).toSorted());
  });

  it('shows pictures that are there, and says that the prices are examples', () => {
    for (const [, file] of DOCUMENT.matchAll(/\]\((plots\/[^)]+)\)/g)) {
      expect(readFileSync(`docs/${file!}`, 'utf8')).toMatch(/^<svg /);
    }
    expect(DOCUMENT).toMatch(/example prices/);
  });
});

describe('withSections', () => {
  it('puts each where it belongs, and leaves the rest', () => {
    const document = 'a\n<!-- simulate:x -->\nold\n<!-- /simulate:x -->\nb\n<!-- simulate:y --><!-- /simulate:y -->\nc';
    const once = withSections(document, { x: 'X', y: 'Y' });
    expect(once).toBe(
      'a\n<!-- simulate:x -->\n\nX\n\n<!-- /simulate:x -->\nb\n<!-- simulate:y -->\n\nY\n\n<!-- /simulate:y -->\nc',
    );
    expect(withSections(once, { x: 'X', y: 'Y' })).toBe(once);
  });

  it('says which place is missing', () => {
    expect(() => withSections('nothing', { drain: '' })).toThrow(
      'docs/capacity.md has no place for drain: it should be <!-- simulate:drain --> and <!-- /simulate:drain -->.',
    );
  });
});

describe('figure', () => {
  it.each([
    [0, '0'],
    [0.08333, '0.0833'],
    [7.8473, '7.85'],
    [99.46, '99.5'],
    [100.4, '100'],
    [1523000, '1,523,000'],
  ])('shows %d as %s', (value, text) => expect(figure(value)).toBe(text));
});
