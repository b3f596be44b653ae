/** What a console showed, as a picture: an SVG of its lines. */

const FONT_SIZE = 13;
const LINE_HEIGHT = 17;
const CHARACTER_WIDTH = 7.8;
const MARGIN = 14;
const COLUMNS = 96;

/** A line that begins so is told apart by its weight as well as by its colour. */
const kinds = [
  { pattern: /^ГОТОВО/, colour: '#7ee787', weight: 'bold' },
  { pattern: /^НЕ ГОТОВО|^НЕ ВСЁ|^\[FAIL\]/, colour: '#ff9a8d', weight: 'bold' },
  { pattern: /^\[ !! \]/, colour: '#f2cc60', weight: 'bold' },
  { pattern: /^== /, colour: '#9ecbff', weight: 'bold' },
];
const plain = { colour: '#e6edf3', weight: 'normal' };

/** The picture; lines that are wider than the console are cut as a narrow console cuts them. */
export function screenSvg(text, title) {
  const lines = text.trimEnd().split('\n');
  const width = COLUMNS * CHARACTER_WIDTH + 2 * MARGIN;
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  const rows = lines.map((line, at) => {
    const kind = kinds.find(({ pattern }) => pattern.test(line)) ?? plain;
    const y = (MARGIN + (at + 0.8) * LINE_HEIGHT).toFixed(1);
    // A console shows every blank; a page folds them.
    const words = escaped(line.slice(0, COLUMNS)).replaceAll(' ', '\u00a0');
    return `<text x="${MARGIN}" y="${y}" fill="${kind.colour}" font-weight="${kind.weight}">${words}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${height}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="6" fill="#10151c"/>`,
    `<g font-family="Consolas,'DejaVu Sans Mono','Liberation Mono',monospace" font-size="${FONT_SIZE}">`,
    ...rows,
    '</g></svg>',
  ].join('\n');
}

export function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
