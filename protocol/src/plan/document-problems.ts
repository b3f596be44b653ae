import type { TSchema } from 'typebox';
import { Errors } from 'typebox/schema';
import { nearest } from '../nearest.ts';
import { PlanDocumentSchema, type PlanDocument } from './plan-document.ts';
import { planError, type PlanProblem } from './plan-problem.ts';

/** A document that fits the schema, or all that keeps it from that. */
export type DocumentOutcome =
  | { readonly ok: true; readonly document: PlanDocument }
  | { readonly ok: false; readonly problems: readonly PlanProblem[] };

type Path = PlanProblem['path'];

/** The parts of a schema that a message needs. */
interface Expected {
  readonly expects?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Expected>>;
  readonly items?: Expected;
  readonly anyOf?: readonly Expected[];
}

/** What of a value is shown. */
const SHOWN_CHARACTERS = 60;
/** More than a person reads at once. */
const MAX_PROBLEMS = 100;

/** Judges the shape of a parsed plan: keys, kinds of values, closed lists, ranges. */
export function documentOf(value: unknown): DocumentOutcome {
  if (value === null || value === undefined)
    return { ok: false, problems: [planError([], 'planEmpty')] };
  const problems: PlanProblem[] = [];
  const told = new Set<string>();
  // Read once an edit: interpreting the schema is cheaper than compiling it.
  for (const error of Errors(PlanDocumentSchema, value)[1]) {
    if (problems.length >= MAX_PROBLEMS) break;
    const path = pathOf(error.instancePath, value);
    // An unknown key is told of once, by the object that holds it.
    if (error.keyword === 'boolean') continue;
    // Branches of a union fail one by one; the first of a place speaks for all.
    const place = `${error.keyword === 'additionalProperties' ? '+' : ''}${path.join('/')}`;
    if (told.has(place)) continue;
    told.add(place);
    problems.push(...problemsOf(error, path, value));
  }
  return problems.length === 0
    ? { ok: true, document: value as PlanDocument }
    : { ok: false, problems };
}

interface SchemaError {
  readonly keyword: string;
  readonly params: object;
}

function problemsOf(error: SchemaError, path: Path, root: unknown): PlanProblem[] {
  const schema = schemaAt(PlanDocumentSchema, path);
  if (error.keyword === 'additionalProperties') {
    const known = Object.keys(schema.properties ?? {});
    return namesIn(error.params, 'additionalProperties').map((key) =>
      unknownKey([...path, key], key, known),
    );
  }
  if (error.keyword === 'required')
    return namesIn(error.params, 'requiredProperties').map((key) =>
      planError(path, 'missingKey', { key }),
    );
  return [wrongValue(schema, path, valueAt(root, path))];
}

function unknownKey(path: Path, key: string, known: readonly string[]): PlanProblem {
  const near = nearest(key.slice(0, SHOWN_CHARACTERS), known);
  const problem =
    near === undefined
      ? planError(path, 'unknownKey', { key: shownText(key), known: known.join(', ') })
      : planError(path, 'unknownKeyNear', { key: shownText(key), near });
  return { ...problem, at: 'key' };
}

function wrongValue(schema: Expected, path: Path, value: unknown): PlanProblem {
  const got = shownText(value);
  if (Array.isArray(value) && schema.items) {
    const { minItems, maxItems = 0 } = schema;
    return minItems !== undefined && value.length < minItems
      ? planError(path, 'tooFew', { min: minItems })
      : planError(path, 'tooMany', { max: maxItems, got: value.length });
  }
  if (schema.enum && typeof value === 'string') {
    const near = nearest(value.slice(0, SHOWN_CHARACTERS), schema.enum);
    return near === undefined
      ? planError(path, 'wrongChoice', { got, known: schema.enum.join(', ') })
      : planError(path, 'wrongChoiceNear', { got, near, known: schema.enum.join(', ') });
  }
  if (schema.expects === 'code' && typeof value === 'number')
    return planError(path, 'codeNotQuoted', { code: String(value).padStart(4, '0') });
  const { minimum, maximum } = schema;
  if (typeof value === 'number' && (minimum !== undefined || maximum !== undefined)) {
    const isWhole = schema.expects !== 'wholeNumber' || Number.isInteger(value);
    if (isWhole)
      return planError(path, 'outOfRange', { got, min: minimum ?? '−∞', max: maximum ?? '∞' });
  }
  const expected = schema.enum ? 'choice' : (schema.expects ?? 'text');
  const known = schema.enum?.join(', ') ?? '';
  return planError(path, 'wrongValue', { got, expected, known });
}

/** The schema of a place, behind the null of a union. */
function schemaAt(root: TSchema, path: Path): Expected {
  let at = root as Expected;
  for (const step of path) {
    const inside = at.anyOf?.[0] ?? at;
    const next =
      typeof step === 'number'
        ? inside.items
        : inside.properties && Object.hasOwn(inside.properties, step)
          ? inside.properties[step]
          : undefined;
    if (next === undefined) return inside;
    at = next;
  }
  return at;
}

/** A JSON pointer as keys and indices. */
function pathOf(pointer: string, root: unknown): Path {
  const path: (string | number)[] = [];
  let at = root;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(at) ? Number(key) : key);
    at = valueAt(at, path.slice(-1));
  }
  return path;
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string | number, unknown>)[step]
        : undefined,
    root,
  );
}

function namesIn(params: object, key: string): string[] {
  const list: unknown = (params as Record<string, unknown>)[key];
  return Array.isArray(list) ? list.map(String) : [];
}

function shownText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}
