import { nearest } from '@ppe-pulse/protocol';
import type { TSchema } from 'typebox';
import { Errors } from 'typebox/schema';

/** What keeps a value from its schema. Never shows the value: it may be a secret in the wrong place. */
export interface ShapeProblem {
  /** `routes.0.match.severities`; empty for the whole. */
  readonly path: string;
  readonly reason: string;
  /** One line for a person, with the path. */
  readonly detail: string;
}

/** More than a person reads at once. */
const MAX_PROBLEMS = 20;
/** Of a wrong key that is shown. */
const SHOWN_CHARACTERS = 60;

/** The parts of a schema that a message needs. */
interface Expected {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Expected>>;
  readonly items?: Expected;
  readonly anyOf?: readonly Expected[];
}

/** All that is wrong with the shape of a value, each place once; empty for nothing. Pure. */
export function shapeProblems(schema: TSchema, value: unknown): readonly ShapeProblem[] {
  const problems: ShapeProblem[] = [];
  const seen = new Set<string>();
  for (const error of Errors(schema, value)[1]) {
    if (problems.length >= MAX_PROBLEMS) break;
    // An unknown key is told of by the object that holds it.
    if (error.keyword === 'boolean') continue;
    const steps = stepsOf(error.instancePath);
    const place = `${error.keyword === 'additionalProperties' ? '+' : ''}${steps.join('.')}`;
    if (seen.has(place)) continue;
    seen.add(place);
    problems.push(...problemsOf(error, schemaAt(schema, steps), { steps, root: value }));
  }
  return problems;
}

interface Place {
  readonly steps: readonly string[];
  readonly root: unknown;
}

function problemsOf(
  { keyword, params }: { readonly keyword: string; readonly params: object },
  expected: Expected,
  place: Place,
): ShapeProblem[] {
  if (keyword === 'additionalProperties') {
    const known = Object.keys(expected.properties ?? {});
    return namesIn(params, 'additionalProperties').map((key) => {
      const shown = key.slice(0, SHOWN_CHARACTERS);
      const near = nearest(shown, known);
      const hint = near === undefined ? `known are ${known.join(', ')}` : `did you mean “${near}”?`;
      return told([...place.steps, shown], 'unknownField', `is not known; ${hint}`);
    });
  }
  if (keyword === 'required')
    return namesIn(params, 'requiredProperties').map((key) =>
      told([...place.steps, key], 'missing', 'is missing'),
    );
  return [wrongValue(expected, valueAt(place), place.steps)];
}

function wrongValue(expected: Expected, value: unknown, steps: readonly string[]): ShapeProblem {
  const inside = expected.anyOf?.[0] ?? expected;
  const { minItems = 0, maxItems = 0, minLength = 0, maxLength, pattern } = inside;
  if (inside.enum) {
    const near = typeof value === 'string' ? nearest(value.slice(0, 60), inside.enum) : undefined;
    const hint = near === undefined ? '' : `did you mean “${near}”? `;
    return told(steps, 'notInChoices', `${hint}it may be ${inside.enum.join(', ')}`);
  }
  if (inside.items && Array.isArray(value))
    return value.length < minItems
      ? told(steps, 'tooFew', `needs at least ${minItems}; leave the key out to ask for nothing`)
      : told(steps, 'tooMany', `may have ${maxItems} at the most`);
  if (typeof value === 'string' && inside.type === 'string') {
    if (value.length < minLength) return told(steps, 'empty', 'must not be empty');
    if (maxLength !== undefined && value.length > maxLength)
      return told(steps, 'tooLong', `may have ${maxLength} characters at the most`);
    return told(steps, 'badFormat', `must look like ${pattern ?? 'a text'}`);
  }
  const { minimum, maximum } = inside;
  if (typeof value === 'number' && minimum !== undefined)
    return told(
      steps,
      'outOfRange',
      `must be ${inside.type === 'integer' ? 'a whole number ' : ''}from ${minimum} to ${maximum ?? '∞'}`,
    );
  return told(steps, 'badType', `must be ${wordOf(inside)}`);
}

function wordOf({ type, properties, items }: Expected): string {
  if (properties || type === 'object') return 'an object';
  if (items) return 'a list';
  return type === undefined ? 'something else' : `of type ${type}`;
}

function told(steps: readonly string[], reason: string, text: string): ShapeProblem {
  const path = steps.join('.');
  return { path, reason, detail: `${path === '' ? 'the document' : path}: ${text}` };
}

/** The schema of a place, behind the null of a union. */
function schemaAt(root: TSchema, steps: readonly string[]): Expected {
  let at = root as Expected;
  for (const step of steps) {
    const inside = at.anyOf?.[0] ?? at;
    const next =
      inside.items ??
      (inside.properties && Object.hasOwn(inside.properties, step)
        ? inside.properties[step]
        : undefined);
    if (next === undefined) return inside;
    at = next;
  }
  return at;
}

function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt({ steps, root }: Place): unknown {
  return steps.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string, unknown>)[step]
        : undefined,
    root,
  );
}

function namesIn(params: object, key: string): string[] {
  const list: unknown = (params as Record<string, unknown>)[key];
  return Array.isArray(list) ? list.map(String) : [];
}
