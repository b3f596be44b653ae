import { LineCounter, isNode, parseDocument } from 'yaml';

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
