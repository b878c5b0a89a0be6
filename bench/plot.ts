import { type Axis, scaleOf, tickText } from './plot/scale';
import { WIDTH, dashOf, line, round, styleOf, svg, text, turned } from './plot/svg';

/** A line of a plot: points in the order of x. */
export interface Series {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
}

export interface LinePlot {
  title: string;
  /** What is to be seen, in a sentence, for who can't see it. */
  description: string;
  x: Axis;
  y: Axis;
  series: readonly Series[];
  /** Every point is shown; without it a line alone, for many points. */
  hasMarks?: boolean;
}

export interface BarPlot {
  title: string;
  description: string;
  /** With the unit; bars begin at 0. */
  label: string;
  /** The end of the axis, where it shall not be the largest value. */
  most?: number;
  bars: readonly { name: string; value: number; min?: number; max?: number }[];
}

const LINE_HEIGHT = 400;
const FRAME = { left: 70, right: 20, top: 56, bottom: 56 };
const LEGEND_WIDTH = 180;

/** Lines over two axes, as an SVG that can be read in light and dark and be read out. */
export function linePlot({ title, description, x, y, series, hasMarks = false }: LinePlot): string {
  const frame = { ...FRAME, right: FRAME.right + LEGEND_WIDTH };
  const points = series.flatMap((each) => each.points);
  const across = scaleOf(
    x,
    points.map(([value]) => value),
    frame.left,
    WIDTH - frame.right,
  );
  const up = scaleOf(
    y,
    points.map(([, value]) => value),
    LINE_HEIGHT - frame.bottom,
    frame.top,
  );
  const right = WIDTH - frame.right;
  const bottom = LINE_HEIGHT - frame.bottom;
  return svg(title, description, LINE_HEIGHT, [
    ...up.ticks.flatMap((value) => [
      line('grid', frame.left, up.at(value), right, up.at(value)),
      text(frame.left - 8, up.at(value) + 4, tickText(value), 'end'),
    ]),
    ...across.ticks.flatMap((value) => [
      line('tick', across.at(value), bottom, across.at(value), bottom + 5),
      text(across.at(value), bottom + 20, tickText(value), 'middle'),
    ]),
    line('axis', frame.left, bottom, right, bottom),
    line('axis', frame.left, frame.top, frame.left, bottom),
    text((frame.left + right) / 2, LINE_HEIGHT - 14, x.label, 'middle'),
    turned(18, (frame.top + bottom) / 2, y.label),
    ...series.flatMap((each, nth) => lineOf(each, nth, across.at, up.at, hasMarks)),
    ...series.flatMap(({ name }, nth) => legend(name, nth, right + 16, frame.top + 8 + nth * 24)),
  ]);
}

function lineOf(
  { points }: Series,
  nth: number,
  across: (value: number) => number,
  up: (value: number) => number,
  hasMarks: boolean,
): string[] {
  const places = points.map(([x, y]) => [round(across(x)), round(up(y))] as const);
  const path = places.map(([x, y]) => `${x},${y}`).join(' ');
  const marks = places.map(([x, y]) => `<circle class="${styleOf('f', nth)}" cx="${x}" cy="${y}" r="4"/>`);
  return [
    `<polyline class="${styleOf('s', nth)}" fill="none" stroke-width="2.2" stroke-dasharray="${dashOf(nth)}" points="${path}"/>`,
    ...(hasMarks ? marks : []),
  ];
}

const legend = (name: string, nth: number, x: number, y: number): string[] => [
  `<line class="${styleOf('s', nth)}" stroke-width="2.6" stroke-dasharray="${dashOf(nth)}" x1="${x}" y1="${y}" x2="${x + 28}" y2="${y}"/>`,
  text(x + 34, y + 4, name, 'start'),
];

const BAR_HEIGHT = 30;
const LEAST_NAMES_WIDTH = 140;
/** Of the 13 px letters, on the wide side. */
const LETTER_WIDTH = 7;

/** Bars lying on their side, one a name, with what the runs spread over; an SVG as `linePlot`'s. */
export function barPlot({ title, description, label, most, bars }: BarPlot): string {
  const longest = Math.max(...bars.map(({ name }) => name.length));
  const left = Math.max(LEAST_NAMES_WIDTH, 24 + longest * LETTER_WIDTH);
  const right = WIDTH - 80;
  const bottom = FRAME.top + bars.length * BAR_HEIGHT;
  const across = scaleOf(
    { label, ...(most === undefined ? {} : { most }) },
    bars.flatMap(({ value, max = value }) => [value, max]),
    left,
    right,
  );
  return svg(title, description, bottom + FRAME.bottom, [
    ...across.ticks.flatMap((value) => [
      line('grid', across.at(value), FRAME.top, across.at(value), bottom),
      text(across.at(value), bottom + 20, tickText(value), 'middle'),
    ]),
    ...bars.flatMap((bar, nth) => barOf(bar, FRAME.top + nth * BAR_HEIGHT, left, across.at)),
    line('axis', left, FRAME.top, left, bottom),
    text((left + right) / 2, bottom + 44, label, 'middle'),
  ]);
}

function barOf(
  { name, value, min = value, max = value }: BarPlot['bars'][number],
  y: number,
  left: number,
  at: (value: number) => number,
): string[] {
  const middle = y + BAR_HEIGHT / 2;
  const height = BAR_HEIGHT - 10;
  const width = Math.max(1, at(value) - left);
  return [
    text(left - 8, middle + 4, name, 'end'),
    `<rect class="f0" x="${left}" y="${y + 5}" width="${round(width)}" height="${height}"/>`,
    ...(max > min ? [line('spread', at(min), middle, at(max), middle)] : []),
    text(at(max) + 6, middle + 4, tickText(value), 'start'),
  ];
}
