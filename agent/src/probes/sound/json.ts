/** A JSON object of somebody else's making. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object in a text; undefined for anything else, and for a text over `maxCharacters`. */
export function objectOf(text: string, maxCharacters: number): JsonObject | undefined {
  const value = parsed(text, maxCharacters);
  return isObject(value) ? value : undefined;
}

/** The objects of a list in a text; undefined when the text is no list. */
export function listOf(text: string, maxCharacters: number): JsonObject[] | undefined {
  const value = parsed(text, maxCharacters);
  return Array.isArray(value) ? value.filter(isObject) : undefined;
}

/** A member that should be an object; empty when it is not. */
export function memberOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** A member that should be a list of objects; what is not is left out. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A member that should be text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A member that should be a finite number of zero or more. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined;
}

function parsed(text: string, maxCharacters: number): unknown {
  if (text.length > maxCharacters) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
