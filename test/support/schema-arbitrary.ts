import fc from 'fast-check';
import type { TSchema } from '@ppe-pulse/protocol/schema';

/** Values that stand for all strings of a pattern: what a peer knows, or would try. */
export type Known = ReadonlyMap<string, fc.Arbitrary<string>>;

/** The part of JSON Schema that the messages are written in. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema | readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
}

/** Long lists are a matter of the limits, which have tests of their own. */
const MAX_ITEMS = 6;

/** Values that a schema allows. Throws for a schema that it does not know how to read. */
export function arbitraryOf(schema: TSchema, known: Known = new Map()): fc.Arbitrary<unknown> {
  return arbitrary(schema, known);
}

function arbitrary(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => arbitrary(each, known)));
  // What says nothing allows everything.
  if (Object.keys(schema).length === 0) return fc.jsonValue();
  const { type = 'none' } = schema;
  switch (type) {
    case 'string':
      return strings(schema.pattern, known);
    case 'integer':
      return fc.oneof(integers(schema), edges(schema).map(Math.trunc));
    case 'number':
      return fc.oneof(numbers(schema), edges(schema));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return lists(schema, known);
    case 'object':
      return objects(schema, known);
    default:
      throw new Error(`no arbitrary for ${JSON.stringify(schema).slice(0, 200)}`);
  }
}

function strings(pattern: string | undefined, known: Known): fc.Arbitrary<string> {
  if (pattern === undefined) return fc.string({ maxLength: 40 });
  const any = fc.stringMatching(new RegExp(pattern));
  const some = known.get(pattern);
  return some ? fc.oneof({ weight: 4, arbitrary: some }, { weight: 1, arbitrary: any }) : any;
}

const lowest = ({ minimum }: Schema): number => minimum ?? -Number.MAX_VALUE;
const highest = ({ maximum }: Schema): number => maximum ?? Number.MAX_VALUE;

function integers(schema: Schema): fc.Arbitrary<number> {
  return fc.integer({
    min: Math.max(Number.MIN_SAFE_INTEGER, lowest(schema)),
    max: Math.min(Number.MAX_SAFE_INTEGER, highest(schema)),
  });
}

function numbers(schema: Schema): fc.Arbitrary<number> {
  return fc.double({
    min: lowest(schema),
    max: highest(schema),
    noNaN: true,
    noDefaultInfinity: true,
  });
}

/** Where types of stores and counters end, as far as the schema allows. */
function edges(schema: Schema): fc.Arbitrary<number> {
  const all = [0, 1, -1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 63, 2 ** 64, 1e308, -1e308];
  const within = all.filter((each) => each >= lowest(schema) && each <= highest(schema));
  return fc.constantFrom(...(within.length > 0 ? within : [lowest(schema)]));
}

function lists(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const { items } = schema;
  if (Array.isArray(items)) {
    return fc.tuple(...(items as readonly Schema[]).map((each) => arbitrary(each, known)));
  }
  return fc.array(arbitrary((items ?? { type: 'boolean' }) as Schema, known), {
    minLength: schema.minItems ?? 0,
    maxLength: Math.min(MAX_ITEMS, schema.maxItems ?? MAX_ITEMS),
  });
}

function objects(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const { properties, patternProperties } = schema;
  if (properties) {
    const fields = Object.entries(properties).map(
      ([key, each]) => [key, arbitrary(each, known)] as const,
    );
    return fc.record(Object.fromEntries(fields), {
      requiredKeys: (schema.required ?? []) as never[],
    });
  }
  const [pattern, value] = Object.entries(patternProperties ?? {})[0] ?? [];
  if (pattern === undefined || value === undefined) throw new Error('a record without a pattern');
  return fc.dictionary(strings(pattern, known), arbitrary(value, known), {
    maxKeys: Math.min(MAX_ITEMS, schema.maxProperties ?? MAX_ITEMS),
  });
}
