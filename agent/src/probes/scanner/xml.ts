/** One element: its name without the prefix, its own text, its children. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Scanners answer with 60 to 400 elements, at most 12 deep. */
const MAX_ELEMENTS = 5_000;
const MAX_DEPTH = 32;
const MAX_CHARACTERS = 256 * 1024;

const NAME = String.raw`[A-Za-z_][\w.\-]*(?::[A-Za-z_][\w.\-]*)?`;
/** One step of a document at the place where the last ended; each alternative is linear. */
const STEP = new RegExp(
  [
    String.raw`<\?[^?]*\?>`,
    '<!--[^-]*(?:-[^-]+)*-->',
    String.raw`<!\[CDATA\[(?<cdata>[^\]]*(?:\](?!\]>)[^\]]*)*)\]\]>`,
    `</(?<end>${NAME})\\s*>`,
    `<(?<start>${NAME})(?<attributes>(?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(?<empty>/?)>`,
    '(?<text>[^<]+)',
  ].join('|'),
  'y',
);
const references: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

interface OpenElement {
  readonly qualifiedName: string;
  readonly element: { name: string; text: string; children: XmlElement[] };
}

/**
 * Reads the XML of a device that nobody vouches for; undefined when it is not well formed or too
 * large. A reader of our own, since replies need six elements by name: no document type, so no
 * entity that could expand or fetch, no attributes, and nothing that a library would bring along.
 * Prefixes are dropped: devices choose them freely.
 */
export function readXml(text: string): XmlElement | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const document = { name: '', text: '', children: [] as XmlElement[] };
  const open: OpenElement[] = [{ qualifiedName: '', element: document }];
  // A pattern that remembers its place is made for each document.
  const step = new RegExp(STEP);
  step.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  let elements = 0;
  while (step.lastIndex < text.length) {
    const found = step.exec(text)?.groups;
    const inner = open.at(-1);
    if (!found || !inner) return undefined;
    if (found.start !== undefined) {
      elements += 1;
      if (elements > MAX_ELEMENTS || open.length > MAX_DEPTH) return undefined;
      const element = { name: localName(found.start), text: '', children: [] };
      inner.element.children.push(element);
      if (found.empty === '') open.push({ qualifiedName: found.start, element });
    } else if (found.end !== undefined) {
      if (open.length === 1 || inner.qualifiedName !== found.end) return undefined;
      open.pop();
    } else {
      const words = found.cdata ?? plainText(found.text ?? '');
      if (words === undefined) return undefined;
      inner.element.text += words;
    }
  }
  const [root, ...others] = document.children;
  const isWhole = open.length === 1 && others.length === 0 && document.text.trim() === '';
  return isWhole ? root : undefined;
}

/** The elements of a name, anywhere below. */
export function descendants(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...descendants(child, name),
  ]);
}

/** Trimmed text of the first child of a name. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text.trim();
}

/** A whole number of at most nine digits, without a sign. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** Undefined for a reference to an entity that the XML standard itself does not define. */
function plainText(text: string): string | undefined {
  if (!text.includes('&')) return text;
  let isKnown = true;
  const plain = text.replaceAll(/&([^;&]{0,10});?/g, (whole, name: string) => {
    const numeric = /^#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}))$/.exec(name);
    const character = numeric
      ? characterOf(Number.parseInt(numeric[1] ?? numeric[2] ?? '', numeric[1] ? 16 : 10))
      : references[name];
    if (character === undefined || !whole.endsWith(';')) isKnown = false;
    return character ?? '';
  });
  return isKnown ? plain : undefined;
}

function characterOf(code: number): string | undefined {
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : undefined;
}
