/** Bytes of MS-DOS code page 866, in which cmd.exe reads a batch file with Russian words. */

const UPPER_FROM = 0x80;
const LOWER_FROM = 0xa0;
/** The second half of the small letters is past the frames. */
const LOWER_REST = 0xe0;
const others = new Map([
  ['Ё', 0xf0],
  ['ё', 0xf1],
  ['№', 0xfc],
]);

/** The text with CR LF. Throws for a character that the code page does not have. */
export function toCodePage866(text) {
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n');
  return Buffer.from([...lines].map(byteOf));
}

function byteOf(character) {
  const code = character.codePointAt(0);
  if (code < 0x80) return code;
  const known = others.get(character) ?? letter(code);
  if (known !== undefined) return known;
  throw new Error(`code page 866 has no «${character}»: write it otherwise`);
}

function letter(code) {
  const upper = code - 'А'.codePointAt(0);
  if (upper >= 0 && upper < 32) return UPPER_FROM + upper;
  const lower = code - 'а'.codePointAt(0);
  if (lower >= 0 && lower < 16) return LOWER_FROM + lower;
  if (lower >= 16 && lower < 32) return LOWER_REST + lower - 16;
  return undefined;
}
