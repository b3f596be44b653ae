import {
  Lexer,
  LineCounter,
  isAlias,
  isMap,
  isNode,
  isScalar,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Scalar,
  type YAMLError,
  type YAMLMap,
} from 'yaml';

/** Keys and indices from the top of a document. */
export type YamlPath = readonly (string | number)[];

export type YamlOutcome =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** The line on which a value stands, or the nearest thing above it that has one. */
      readonly lineOf: (path: YamlPath) => number;
    }
  | { readonly ok: false; readonly problem: string };

/** Parses YAML and remembers where things stand. The only place that knows the library. */
export function parseYaml(text: string): YamlOutcome {
  const lines = new LineCounter();
  if (tooDeepAt(text) !== null)
    return { ok: false, problem: 'not YAML: brackets or lists too deep' };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const error = document.errors[0];
  if (error) return { ok: false, problem: `not YAML: ${error.message.split('\n')[0] ?? ''}` };
  const lineOf = (path: YamlPath): number => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  return { ok: true, value: document.toJS() as unknown, lineOf };
}

/** A place in a text, both from 1. */
export interface YamlPosition {
  readonly line: number;
  readonly column: number;
}

/** Why a text is no YAML that we take. */
export interface YamlFault {
  readonly kind: 'syntax' | 'tabIndent' | 'duplicateKey' | 'alias' | 'tooDeep';
  readonly position: YamlPosition;
  /** The library's message, the key, or the alias. */
  readonly detail: string;
}

export type LocatedYaml =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** Where a key or a value stands, or the nearest thing above it that stands somewhere. */
      readonly positionOf: (path: YamlPath, at: 'key' | 'value') => YamlPosition;
    }
  | { readonly ok: false; readonly faults: readonly YamlFault[] };

/** More faults of one text than a person reads at once. */
const MAX_FAULTS = 20;
const SHOWN_CHARACTERS = 60;
/** What people write has five levels; the parser recurses, and dies of thousands. */
const MAX_DEPTH = 32;

/**
 * Parses YAML that a peer may have sent: nothing in it can grow (no aliases) or nest without end, and
 * every fault has its place.
 */
export function parseLocatedYaml(text: string): LocatedYaml {
  const lines = new LineCounter();
  const deep = tooDeepAt(text);
  if (deep !== null) {
    const position = positionIn(text, deep);
    return { ok: false, faults: [{ kind: 'tooDeep', position, detail: '' }] };
  }
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'error' });
  const at = (offset: number): YamlPosition => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const faults = document.errors.map((error) => faultOf(error, text, at));
  visit(document, {
    Alias: (_, { source, range }) => {
      faults.push({ kind: 'alias', position: at(range?.[0] ?? 0), detail: `*${source}` });
    },
  });
  if (faults.length > 0) return { ok: false, faults: faults.slice(0, MAX_FAULTS) };
  const value = document.toJS() as unknown;
  return { ok: true, value, positionOf: (path, part) => at(offsetOf(document, path, part)) };
}

/**
 * The text with one value put at a path of mappings. Everything else stays letter for letter: comments,
 * quotes, order. Null where the text is no YAML, or something else than a mapping or a text of one
 * line stands in the way.
 */
export function withYamlText(text: string, path: readonly string[], value: string): string | null {
  const document = parseDocument(text, { logLevel: 'error' });
  if (document.errors.length > 0) return null;
  let node: unknown = document.contents;
  for (const [at, key] of path.entries()) {
    if (!isMap(node)) return null;
    const pair = node.items.find((each) => isScalar(each.key) && each.key.value === key);
    if (!pair) return inserted(text, node, asEntry(path.slice(at), value));
    node = pair.value;
  }
  // A block takes its line's end with it.
  if (!isScalar(node) || node.type?.startsWith('BLOCK') === true) return null;
  return replaced(text, node, quotedLike(node, value));
}

function asEntry([key = '', ...rest]: readonly string[], value: string): string {
  return `${key}: ${rest.length === 0 ? `'${value}'` : asFlow(rest, value)}`;
}

function asFlow(path: readonly string[], value: string): string {
  return `{ ${asEntry(path, value)} }`;
}

function quotedLike({ type }: Scalar, value: string): string {
  // A clock without quotes is a text here and a number to other readers of YAML.
  if (type === 'PLAIN' && /^[A-Za-z]/.test(value)) return value;
  return type === 'QUOTE_DOUBLE' ? `"${value}"` : `'${value}'`;
}

function replaced(text: string, node: Node, by: string): string | null {
  if (!node.range) return null;
  const [start, end] = node.range;
  return `${text.slice(0, start)}${by}${text.slice(end)}`;
}

/** Puts an entry behind the last one of a mapping, in the way that the mapping is written. */
function inserted(text: string, map: YAMLMap, entry: string): string | null {
  const [first, last] = [map.items[0], map.items.at(-1)];
  if (!map.range) return null;
  if (!first || !last) return replaced(text, map, `{ ${entry} }`);
  if (!isNode(first.key) || !first.key.range) return null;
  const end = isNode(last.value) ? last.value.range?.[1] : undefined;
  if (end === undefined) return null;
  if (map.flow === true) return `${text.slice(0, end)}, ${entry}${text.slice(end)}`;
  const lineStart = text.lastIndexOf('\n', first.key.range[0] - 1) + 1;
  const indent = ' '.repeat(first.key.range[0] - lineStart);
  const lastEnd = text.slice(0, end).trimEnd().length;
  const newline = text.indexOf('\n', lastEnd);
  const lineEnd = newline === -1 ? text.length : newline;
  return `${text.slice(0, lineEnd)}\n${indent}${entry}${text.slice(lineEnd)}`;
}

function faultOf(error: YAMLError, text: string, at: (offset: number) => YamlPosition): YamlFault {
  const position = at(error.pos[0]);
  if (error.code === 'TAB_AS_INDENT') return { kind: 'tabIndent', position, detail: '' };
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^:\r\n]*/.exec(text.slice(error.pos[0]))?.[0].trim() ?? '';
    return { kind: 'duplicateKey', position, detail: key.slice(0, SHOWN_CHARACTERS) };
  }
  const message = error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? '';
  return { kind: 'syntax', position, detail: message };
}

function offsetOf(document: Document, path: YamlPath, part: 'key' | 'value'): number {
  if (part === 'key') {
    const map = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    const name = String(path.at(-1));
    const pair = isMap(map)
      ? map.items.find(({ key }) => isScalar(key) && String(key.value) === name)
      : undefined;
    if (isNode(pair?.key) && pair.key.range) return pair.key.range[0];
  }
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && !isAlias(node) && node.range) return node.range[0];
  }
  return 0;
}

/** Where brackets, or dashes of one line, nest deeper than anything that people write. */
function tooDeepAt(text: string): number | null {
  let offset = 0;
  let brackets = 0;
  let dashes = 0;
  let isScalarNext = false;
  for (const token of new Lexer().lex(text)) {
    const isMark = token === '\u0002' || token === '\u0018' || token === '\u001f';
    if (!isScalarNext && !isMark) {
      if (token === '[' || token === '{') brackets += 1;
      else if (token === ']' || token === '}') brackets -= 1;
      else if (token === '-' || token === '?') dashes += 1;
      else if (token.endsWith('\n')) dashes = 0;
      if (brackets > MAX_DEPTH || dashes > MAX_DEPTH) return offset;
    }
    isScalarNext = token === '\u001f';
    if (!isMark) offset += token.length;
  }
  return null;
}

function positionIn(text: string, offset: number): YamlPosition {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
