import compat from '@mdn/browser-compat-data/forLegacyNode';
import type { Identifier, SimpleSupportStatement } from '@mdn/browser-compat-data/types';

/** Beside the parts of a feature: what is told of the feature itself. */
const COMPAT = '__compat';

/** Named features and the Chrome that first had each; `null` for one that no Chrome has. */
export type FirstChrome = ReadonlyMap<string, number | null>;

/** True for what Chrome `floor` does not have. What nobody knows is taken for old. */
export function isNewer(first: number | null | undefined, floor: number): boolean {
  return first === null || (first !== undefined && first > floor);
}

/** The Chrome that first had a feature without a flag; null for none yet, undefined for not told. */
export function firstChrome(feature: Identifier | undefined): number | null | undefined {
  const told = feature?.[COMPAT]?.support.chrome;
  if (!told) return undefined;
  const versions = (Array.isArray(told) ? told : [told]).flatMap(versionOf);
  return versions.length > 0 ? Math.min(...versions) : null;
}

/** Features directly inside a part of the data. */
export function partsOf(feature: Identifier | undefined): [string, Identifier][] {
  return Object.entries(feature ?? {}).filter(([name]) => name !== COMPAT) as [
    string,
    Identifier,
  ][];
}

export const api: Identifier | undefined = compat.api;
export const builtins: Identifier | undefined = compat.javascript.builtins;
export const css: Readonly<Record<string, Identifier>> = compat.css;

/** Methods and properties of all classes by name; one that any class has had for long is old. */
export function memberNames(): FirstChrome {
  const first = new Map<string, number | null>();
  for (const [, type] of [...partsOf(api), ...partsOf(builtins)]) {
    for (const [key, member] of partsOf(type)) {
      const name = key.replace(/_(?:static|event)$/, '');
      const chrome = firstChrome(member);
      if (chrome !== undefined) first.set(name, earlier(first.get(name), chrome));
    }
  }
  return first;
}

/** Functions of values, such as `color-mix`, wherever the data has them. */
export function cssFunctions(): FirstChrome {
  const first = new Map<string, number | null>();
  const visit = (feature: Identifier): void => {
    for (const [name, part] of partsOf(feature)) {
      const chrome = firstChrome(part);
      if (chrome !== undefined) first.set(name, earlier(first.get(name), chrome));
      visit(part);
    }
  };
  if (css.types) visit(css.types);
  return first;
}

function earlier(before: number | null | undefined, now: number | null): number | null {
  if (before === undefined) return now;
  if (before === null || now === null) return before ?? now;
  return Math.min(before, now);
}

function versionOf({ version_added: added, flags }: SimpleSupportStatement): number[] {
  if (flags !== undefined || typeof added !== 'string') return [];
  const version = Number(added.replace('≤', ''));
  return Number.isFinite(version) ? [version] : [];
}
