import { Type, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Default } from 'typebox/value';
import { nearest } from './nearest.ts';

/** Where settings come from; the environment wins over the file, the file over the defaults. */
export interface SettingsSources {
  /** The parsed file, `undefined` or `null` for an empty one. */
  readonly file: unknown;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `PPE_PULSE_`: `collector.url` is then read from `PPE_PULSE_COLLECTOR_URL`. */
  readonly envPrefix: string;
}

export type SettingsOutcome<T> =
  | { readonly ok: true; readonly settings: T }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Text that stands where a secret would. */
export const MASKED = '***';

type Tree = Record<string, unknown>;

/** A string setting that is masked wherever settings are shown. */
export const Secret = (options: Record<string, unknown> = {}): Type.TString =>
  Type.String({ ...options, secret: true });

/**
 * Settings by a TypeBox object schema whose leaves carry defaults. Unknown keys are problems that
 * suggest the nearest name; every problem names its key. Pure.
 */
export function resolveSettings<T>(schema: TSchema, sources: SettingsSources): SettingsOutcome<T> {
  const file = sources.file ?? {};
  if (!isTree(file)) return { ok: false, problems: ['the file must hold keys and values'] };
  const problems = unknownKeys(schema, file, '');
  const tree = structuredCopy(file);
  for (const leaf of leavesOf(schema, [])) {
    const name = sources.envPrefix + environmentName(leaf.path);
    const text = sources.env[name];
    if (text === undefined || text === '') continue;
    const value = parseText(leaf.schema, text);
    if (value === undefined)
      problems.push(
        `${name}: "${text.slice(0, 60)}" does not fit, expected: ${kindOf(leaf.schema)}`,
      );
    else setAt(tree, leaf.path, value);
  }
  const filled: unknown = Default(schema, tree);
  for (const error of Compile(schema).Errors(filled)) {
    const key = error.instancePath.slice(1).replaceAll('/', '.') || 'the file';
    problems.push(`${key} ${error.message}`);
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, settings: filled as T };
}

/** A copy of settings in which every `Secret` is masked, for `--print-config` and logs. */
export function maskSecrets(schema: TSchema, settings: unknown): unknown {
  if (settings === undefined) return undefined;
  if ('secret' in schema) return MASKED;
  const items = itemsOf(schema);
  if (items && Array.isArray(settings)) return settings.map((each) => maskSecrets(items, each));
  const properties = propertiesOf(schema);
  if (!properties || !isTree(settings)) return settings;
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const child = properties[key];
      return [key, child ? maskSecrets(child, value) : value];
    }),
  );
}

interface Leaf {
  readonly path: readonly string[];
  readonly schema: TSchema;
}

function leavesOf(schema: TSchema, path: readonly string[]): Leaf[] {
  const properties = propertiesOf(schema);
  if (!properties) return [{ path, schema }];
  return Object.entries(properties).flatMap(([key, child]) => leavesOf(child, [...path, key]));
}

function propertiesOf(schema: TSchema): Record<string, TSchema> | undefined {
  return 'properties' in schema ? (schema.properties as Record<string, TSchema>) : undefined;
}

/** The schema of a list's entries. */
function itemsOf(schema: TSchema): TSchema | undefined {
  return 'items' in schema ? (schema.items as TSchema) : undefined;
}

function unknownKeys(schema: TSchema, tree: Tree, prefix: string): string[] {
  const properties = propertiesOf(schema);
  if (!properties) return [];
  return Object.entries(tree).flatMap(([key, value]) => {
    const child = properties[key];
    if (child) return unknownIn(child, value, `${prefix}${key}.`);
    const guess = nearest(key, Object.keys(properties));
    return [`unknown key "${prefix}${key}"${guess ? `, did you mean "${prefix}${guess}"?` : ''}`];
  });
}

function unknownIn(schema: TSchema, value: unknown, prefix: string): string[] {
  if (isTree(value)) return unknownKeys(schema, value, prefix);
  const items = itemsOf(schema);
  if (!items || !Array.isArray(value)) return [];
  return value.flatMap((each: unknown, at) => unknownIn(items, each, `${prefix}${at}.`));
}

function environmentName(path: readonly string[]): string {
  return path.map((part) => part.replaceAll(/([A-Z])/g, '_$1').toUpperCase()).join('_');
}

function kindOf(schema: TSchema): string {
  return 'type' in schema ? String(schema.type) : 'another kind of value';
}

function parseText(schema: TSchema, text: string): unknown {
  const type = 'type' in schema ? schema.type : undefined;
  if (type === 'number' || type === 'integer') {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (type === 'array') return parseList(schema, text);
  return text;
}

/** A list of texts with commas between, a list of anything else as JSON. */
function parseList(schema: TSchema, text: string): unknown {
  const items = itemsOf(schema);
  if (items && 'type' in items && items.type === 'string')
    return text.split(',').map((each) => each.trim());
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

function setAt(tree: Tree, path: readonly string[], value: unknown): void {
  let at = tree;
  for (const key of path.slice(0, -1)) {
    const next = at[key];
    if (isTree(next)) at = next;
    else at[key] = at = {};
  }
  const last = path.at(-1);
  if (last !== undefined) at[last] = value;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function structuredCopy(tree: Tree): Tree {
  return JSON.parse(JSON.stringify(tree)) as Tree;
}
