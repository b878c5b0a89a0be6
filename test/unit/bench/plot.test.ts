import { barPlot, linePlot } from '../../../bench/plot';
import { scaleOf } from '../../../bench/plot/scale';

describe('scaleOf', () => {
  it('names round values from 0 on and ends above the largest', () => {
    const { ticks, at } = scaleOf({ label: 'ms' }, [12, 133], 0, 100);
    expect(ticks).toEqual([0, 20, 40, 60, 80, 100, 120, 140]);
    expect([at(0), at(70), at(140)]).toEqual([0, 50, 100]);
  });

  it('gives each power of ten as much room where it is logarithmic', () => {
    const { ticks, at } = scaleOf({ label: 'invitations', scale: 'log' }, [10_000, 1_000_000], 0, 100);
    expect(ticks).toEqual([10_000, 100_000, 1_000_000]);
    expect(at(100_000)).toBe(50);
  });

  it('runs upwards where the places do', () => {
    expect(scaleOf({ label: '%', most: 100 }, [5], 344, 56).at(100)).toBe(56);
  });
});

describe('linePlot', () => {
  const plot = linePlot({
    title: 'Ours & theirs',
    description: 'Ours is <twice> as fast.',
    x: { label: 'seconds' },
    y: { label: 'invitations' },
    series: [
      {
        name: 'ours',
        points: [
          [0, 0],
          [10, 100],
        ],
      },
    ],
    hasMarks: true,
  });

  it('is titled and described, with what XML would take for markup escaped', () => {
    expect(plot).toContain('<title id="title">Ours &amp; theirs</title>');
    expect(plot).toContain('<desc id="description">Ours is &lt;twice&gt; as fast.</desc>');
  });

  it('has a line and a mark for each point, its name and both axes', () => {
    expect(plot).toContain('points="70,344 560,56"');
    expect(plot.match(/<circle /g)).toHaveLength(2);
    expect(plot).toContain('>ours</text>');
    expect(plot).toContain('>seconds</text>');
    expect(plot).toContain('>invitations</text>');
  });

  it('has colours for dark too', () => {
    expect(plot).toContain('@media (prefers-color-scheme: dark)');
  });
});

describe('barPlot', () => {
  it('draws each bar from 0 to its value, and its spread', () => {
    const plot = barPlot({
      title: 'Drain',
      description: 'Ours is near the limit.',
      label: '%',
      bars: [{ name: 'ours', value: 50, min: 40, max: 100 }],
    });
    expect(plot).toContain('x="140" y="61" width="270" height="20"');
    expect(plot).toContain('class="spread" x1="356"');
    expect(plot).toContain('>50</text>');
  });
});
