import { Context, Liquid, LiquidError, toValueSync } from 'liquidjs';

/** Characters of a template: a screen of text with its conditions. */
export const MAX_TEMPLATE_LENGTH = 8_000;
/** Characters that may come out; receivers take 4,096 to 40,000. */
const MAX_RESULT_LENGTH = 20_000;
/** Steps of loops and characters that filters handle. */
const MAX_MEMORY = 200_000;
/**
 * Pieces of a template that are rendered, each turn of a loop anew: a digest of 500 incidents with forty
 * pieces a line. Counted and not timed: a busy machine must not break a template that is right, and
 * while one is rendered everything else waits.
 */
const MAX_STEPS = 20_000;
/** No tag that reads files, keeps state or collects text out of sight of the limit. */
const TAGS: ReadonlySet<string> = new Set([
  'assign',
  'break',
  'case',
  'comment',
  'continue',
  'echo',
  'for',
  'if',
  'raw',
  'unless',
  '#',
]);

/** What is wrong with a template. */
export interface TemplateFault {
  readonly kind: 'noVariable' | 'noFilter' | 'noTag' | 'notClosed' | 'tooMuch' | 'other';
  readonly found: string;
  /** From 1; null where it cannot be said. */
  readonly line: number | null;
}

/** Plain values by name; texts in them are escaped when they are written out. */
export type TemplateValues = Readonly<Record<string, unknown>>;

/** What came of a template. */
export type Rendered =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fault'; readonly fault: TemplateFault };

/**
 * Renders a Liquid template with nothing but the given values: no files, no prototypes, strict names,
 * bounded time and size. `escape` is put over every value that is written out, also behind filters.
 */
export function renderTemplate(
  template: string,
  values: TemplateValues,
  escape: (text: string) => string,
): Rendered {
  const engine = engineWith(escape);
  try {
    const parsed = engine.parse(template);
    const context = new Context(values, engine.options, { sync: true }, { liquid: engine });
    let steps = 0;
    // Liquid asks with every piece whether there is time left.
    context.renderLimit.check = () => {
      steps += 1;
      if (steps > MAX_STEPS) throw new TooMuchError();
    };
    const output = new BoundedOutput();
    toValueSync(engine.renderer.renderTemplates(parsed, context, output));
    return { kind: 'text', text: output.buffer };
  } catch (error) {
    return { kind: 'fault', fault: faultOf(error) };
  }
}

class TooMuchError extends Error {}

/** Liquid limits what filters build; this limits what comes out. */
class BoundedOutput {
  buffer = '';

  write(piece: unknown): void {
    this.buffer += stringOf(piece);
    if (this.buffer.length > MAX_RESULT_LENGTH) throw new TooMuchError();
  }
}

function engineWith(escape: (text: string) => string): Liquid {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    parseLimit: MAX_TEMPLATE_LENGTH,
    memoryLimit: MAX_MEMORY,
    outputEscape: (value: unknown) => escape(stringOf(value)),
  });
  for (const name of Object.keys(engine.tags)) if (!TAGS.has(name)) delete engine.tags[name];
  // It would write a value without its escape.
  engine.unregisterFilter('raw');
  return engine;
}

function stringOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(stringOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const faults: readonly (readonly [RegExp, TemplateFault['kind']])[] = [
  [/^undefined variable: (.+)$/s, 'noVariable'],
  [/^undefined filter: (.+)$/s, 'noFilter'],
  [/^tag "(.+)" not found$/s, 'noTag'],
  [/^(?:tag|output|raw) (.+) not closed$/s, 'notClosed'],
  [/^(.+) limit exceeded$/s, 'tooMuch'],
];

function faultOf(error: unknown): TemplateFault {
  const message = error instanceof Error ? error.message : String(error);
  const token = error instanceof LiquidError ? error.token : undefined;
  const line = token?.getPosition()[0] ?? null;
  const cause = error instanceof LiquidError ? error.originalError : error;
  if (cause instanceof TooMuchError) return { kind: 'tooMuch', found: '', line };
  const plain = message.replace(/(?:, file:[^,]*)?, line:\d+, col:\d+$/s, '');
  for (const [pattern, kind] of faults) {
    const found = pattern.exec(plain)?.[1];
    if (found !== undefined) return { kind, found, line };
  }
  return { kind: 'other', found: plain, line };
}
