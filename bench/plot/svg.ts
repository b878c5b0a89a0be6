export const WIDTH = 760;

/** Colours that colour-blind people tell apart (Okabe and Ito), a set for light and one for dark; dashes tell them apart too. */
const LIGHT = ['#0072b2', '#d55e00', '#00805c', '#b0418a', '#8a6500', '#3d3d3d', '#2a6fdb', '#c0392b'];
const DARK = ['#56b4e9', '#ff8a3d', '#2fd3a3', '#e79bc8', '#f0e442', '#d0d0d0', '#9cc2ff', '#ff9a8d'];
const DASHES = ['', '7 4', '2 3', '10 3 2 3', '4 2', '1 4', '12 4', '6 2 2 2'];

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .axis, .tick { stroke: #6e7781; } .grid { stroke: #d8dee4; }
  .back { fill: #ffffff; }
  .spread { stroke: #1f2328; stroke-width: 1.5; }
${LIGHT.map((colour, nth) => `  .s${nth} { stroke: ${colour}; } .f${nth} { fill: ${colour}; }`).join('\n')}
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .axis, .tick { stroke: #8b949e; } .grid { stroke: #30363d; }
    .back { fill: #0d1117; }
    .spread { stroke: #e6edf3; }
${DARK.map((colour, nth) => `    .s${nth} { stroke: ${colour}; } .f${nth} { fill: ${colour}; }`).join('\n')}
  }`;

export const dashOf = (nth: number): string => DASHES[nth % DASHES.length] ?? '';
export const styleOf = (kind: 's' | 'f', nth: number): string => `${kind}${nth % LIGHT.length}`;
export const round = (value: number): number => Math.round(value * 10) / 10;

export const line = (style: string, x1: number, y1: number, x2: number, y2: number): string =>
  `<line class="${style}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;

export const text = (x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string =>
  `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(content)}</text>`;

export const turned = (x: number, y: number, content: string): string =>
  `<text transform="translate(${x} ${round(y)}) rotate(-90)" text-anchor="middle">${escaped(content)}</text>`;

const escaped = (content: string): string =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The picture: titled and described for who can't see it. */
export function svg(title: string, description: string, height: number, content: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="back" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="20" y="30">${escaped(title)}</text>`,
    ...content,
    '</svg>',
    '',
  ].join('\n');
}
