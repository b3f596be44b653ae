/** What of a JSON Schema is looked at. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema | readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: unknown;
}

/**
 * Every leaf of a schema under its path: `inventory.cpuCores`, `verdicts[].evidence.*` for the values of
 * a record, `ranges[]` for a list of plain values.
 */
export function fieldsOf(schema: object, path = ''): string[] {
  const { properties, patternProperties, items, anyOf } = schema as Schema;
  const under = (key: string): string => (path === '' ? key : `${path}.${key}`);
  if (properties)
    return Object.entries(properties).flatMap(([key, each]) => fieldsOf(each, under(key)));
  if (patternProperties)
    return Object.values(patternProperties).flatMap((each) => fieldsOf(each, under('*')));
  if (items) return [items].flat().flatMap((each) => fieldsOf(each, `${path}[]`));
  const parts = (anyOf ?? []).filter((each) => each.properties ?? each.items);
  if (parts.length > 0) return [...new Set(parts.flatMap((each) => fieldsOf(each, path)))];
  return [path];
}
