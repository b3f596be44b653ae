import { parse, walk, type CssNode, type WalkContext } from 'css-tree';
import { css, cssFunctions, firstChrome, isNewer } from './browser-floor.ts';

const functions = cssFunctions();

/** What a stylesheet uses that Chrome `floor` does not have. Prefixed names are somebody's own. */
export function newerStyle(text: string, floor: number): string[] {
  const found = new Set<string>();
  const errors: string[] = [];
  const tree = parse(text, { onParseError: (error) => errors.push(error.message) });
  walk(tree, function enter(node) {
    for (const [name, first] of usedBy(this, node))
      if (!/^:?-/.test(name) && isNewer(first, floor)) found.add(name);
  });
  return [...errors.map((message) => `does not parse: ${message}`), ...[...found].sort()];
}

type Used = readonly [name: string, first: number | null | undefined];

function usedBy(context: WalkContext, node: CssNode): Used[] {
  const { type, name = '', property = '', unit = '' } = node;
  const declared = context.declaration?.property ?? '';
  switch (type) {
    case 'Atrule':
      return [[`@${name}`, firstChrome(css['at-rules']?.[name])]];
    case 'Feature':
    case 'MediaFeature':
      return [[`@media ${name}`, firstChrome(css['at-rules']?.media?.[name])]];
    case 'Rule':
      return context.rule ? [['nesting', firstChrome(css.selectors?.nesting)]] : [];
    case 'NestingSelector':
      return [['nesting', firstChrome(css.selectors?.nesting)]];
    case 'PseudoClassSelector':
    case 'PseudoElementSelector':
      return [[`:${name}`, firstChrome(css.selectors?.[name])]];
    case 'Declaration':
      return [[property, firstChrome(css.properties?.[property])]];
    case 'Identifier':
      // A font that is not there is passed over.
      if (declared === 'font-family') return [];
      return [[`${declared}: ${name}`, firstChrome(css.properties?.[declared]?.[name])]];
    case 'Function':
      return [[`${name}()`, functions.get(name)]];
    case 'Dimension':
      return [[unit, firstChrome(css.types?.length?.[unit])]];
    default:
      return [];
  }
}
