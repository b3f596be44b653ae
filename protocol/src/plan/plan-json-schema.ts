import { PlanDocumentSchema } from './plan-document.ts';

type Json = Record<string, unknown>;

/**
 * The schema that editors complete and check plans by: put
 * `# yaml-language-server: $schema=plan.schema.json` on top of a plan.
 */
export function planJsonSchema(): unknown {
  const schema = plain(PlanDocumentSchema) as Json;
  const definitions = new Map<string, Json>();
  const short = shared(schema, definitions);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'ППЭ·Пульс: план апробации',
    ...(short as Json),
    definitions: Object.fromEntries(
      [...definitions.values()].map((body, index) => [`limits${index + 1}`, body]),
    ),
  };
}

/** What is ours alone, and what only this process can see, is left out. */
function plain(schema: unknown): unknown {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => (key === 'expects' ? undefined : value)),
  ) as unknown;
}

/** A set of keys as large as the thresholds', which every role repeats, is written down once. */
const SHARED_KEYS = 30;

function shared(value: unknown, definitions: Map<string, Json>): unknown {
  if (Array.isArray(value)) return value.map((each) => shared(each, definitions));
  if (typeof value !== 'object' || value === null) return value;
  const { properties } = value as { readonly properties?: object };
  if (properties && Object.keys(properties).length >= SHARED_KEYS) {
    const text = JSON.stringify(value);
    if (!definitions.has(text)) definitions.set(text, value as Json);
    return { $ref: `#/definitions/limits${[...definitions.keys()].indexOf(text) + 1}` };
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, shared(child, definitions)]),
  );
}
