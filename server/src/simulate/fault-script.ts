import { nearest, roles, siteKinds } from '@ppe-pulse/protocol';
import { Type, type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { parseYaml, type YamlPath } from '../yaml.ts';
import { faultIds } from './fault-catalogue.ts';

const FOUR_DIGITS = '^[0-9]{4}$';
const AT = '^(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|\\+[0-9]+(\\.[0-9]+)?(ms|s|m|h))$';
const FOR = '^[0-9]+(\\.[0-9]+)?(ms|s|m|h)$';

const oneOrMore = <T extends TSchema>(schema: T) =>
  Type.Union([schema, Type.Array(schema, { minItems: 1 })]);

/** Which of those that can have the fault have it. What is not named does not narrow. */
const WhereSchema = Type.Object({
  /** Codes of ППЭ. */
  ppe: Type.Optional(oneOrMore(Type.String({ pattern: FOUR_DIGITS }))),
  room: Type.Optional(oneOrMore(Type.String({ pattern: FOUR_DIGITS }))),
  role: Type.Optional(oneOrMore(Type.Enum([...roles]))),
  /** As the region names them. */
  provider: Type.Optional(oneOrMore(Type.String({ minLength: 1, maxLength: 100 }))),
  kind: Type.Optional(oneOrMore(Type.Enum([...siteKinds]))),
  /** So many of what the fault strikes, chosen by the seed. */
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
  /** Of what the fault strikes: workstations, or ППЭ where it strikes a whole one. */
  share: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
  /** The first or the second camera only. */
  device: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 })),
});

const EntrySchema = Type.Object({
  /** Local time of the ППЭ, or simulated time since the start. */
  at: Type.String({ pattern: AT }),
  /** How long in simulated time; to the end when it is not said. */
  for: Type.Optional(Type.String({ pattern: FOR })),
  fault: Type.Enum([...faultIds]),
  where: Type.Optional(WhereSchema),
});

/** One line of a fault script. */
export type FaultEntry = Static<typeof EntrySchema>;
export type FaultWhere = Static<typeof WhereSchema>;

export type ScriptOutcome =
  | { readonly ok: true; readonly entries: readonly FaultEntry[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** What a wrong value should have been, where a pattern would say little to a person. */
const expectations: Readonly<Record<string, string>> = {
  at: 'a local time such as "10:05" or a delay such as "+90s"',
  for: 'a duration such as "5m", "90s" or "1h"',
  ppe: 'a code of four digits in quotes such as "0042", or a list of them',
  room: 'a code of four digits in quotes such as "0003", or a list of them',
  role: `one of ${roles.join(', ')}, or a list of them`,
  provider: 'the name of a provider, or a list of them',
  kind: `one of ${siteKinds.join(', ')}, or a list of them`,
  count: 'a whole number above 0',
  share: 'a number above 0, at most 1',
  device: '1 or 2',
  where: 'ppe, room, role, provider, kind, share, count or device',
};
const KEYS = Object.keys(EntrySchema.properties);
const WHERE_KEYS = Object.keys(WhereSchema.properties);

/** Reads a fault script. Every problem names its line. Pure. */
export function parseFaultScript(text: string): ScriptOutcome {
  const parsed = parseYaml(text);
  if (!parsed.ok) return { ok: false, problems: [parsed.problem] };
  const { value, lineOf } = parsed;
  if (value === null || value === undefined) return { ok: true, entries: [] };
  if (!Array.isArray(value))
    return { ok: false, problems: ['line 1: the script must be a list of faults ("- at: …")'] };
  const problems = value.flatMap((entry: unknown, at) =>
    problemsOf(entry, at).map(({ path, message }) => `line ${lineOf(path)}: ${message}`),
  );
  return problems.length > 0 ? { ok: false, problems } : { ok: true, entries: value };
}

interface Problem {
  readonly path: YamlPath;
  readonly message: string;
}

function problemsOf(entry: unknown, at: number): Problem[] {
  if (!isTree(entry)) return [{ path: [at], message: 'a fault needs "at" and "fault"' }];
  const problems = unknownKeys(entry, KEYS, [at]);
  if (isTree(entry.where)) problems.push(...unknownKeys(entry.where, WHERE_KEYS, [at, 'where']));
  if (typeof entry.fault === 'string' && !faultIds.some((id) => id === entry.fault))
    problems.push({ path: [at, 'fault'], message: unknownFault(entry.fault) });
  const seen = new Set(problems.map(({ path }) => path.join('/')));
  for (const { instancePath, message } of Compile(EntrySchema).Errors(entry)) {
    const path: YamlPath = [at, ...instancePath.split('/').slice(1)].slice(0, 3);
    const key = path.join('/');
    if (seen.has(key)) continue;
    seen.add(key);
    problems.push({ path, message: describe(path, message) });
  }
  return problems;
}

function describe(path: YamlPath, message: string): string {
  const key = String(path.at(-1));
  const expected = expectations[key];
  if (path.length === 1) return `a fault needs "at" and "fault": it ${message}`;
  return expected === undefined ? `"${key}" ${message}` : `"${key}" must be ${expected}`;
}

function unknownFault(fault: string): string {
  const guess = nearest(fault, faultIds);
  const hint =
    guess === undefined ? `known are ${faultIds.join(', ')}` : `did you mean "${guess}"?`;
  return `unknown fault "${fault.slice(0, 60)}", ${hint}`;
}

function unknownKeys(
  tree: Record<string, unknown>,
  known: readonly string[],
  path: YamlPath,
): Problem[] {
  return Object.keys(tree)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const guess = nearest(key, known);
      const hint =
        guess === undefined ? `known are ${known.join(', ')}` : `did you mean "${guess}"?`;
      return { path: [...path, key], message: `unknown key "${key.slice(0, 60)}", ${hint}` };
    });
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a checked duration such as `5m`. */
export function durationMs(text: string): number {
  const found = /^\+?([0-9.]+)(ms|s|m|h)$/.exec(text);
  return Number(found?.[1] ?? Number.NaN) * (units[found?.[2] ?? ''] ?? Number.NaN);
}

/** Minutes since midnight of a checked `HH:MM[:SS]`; undefined for a delay. */
export function minuteOfDay(text: string): number | undefined {
  const found = /^(\d\d):(\d\d)(?::(\d\d))?$/.exec(text);
  if (!found) return undefined;
  const [, hours, minutes, seconds] = found;
  return Number(hours) * 60 + Number(minutes) + Number(seconds ?? 0) / 60;
}
