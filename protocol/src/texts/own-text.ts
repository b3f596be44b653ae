/** The text of a token from the wire; `toString` and the like are no tokens of ours. */
export function ownText(
  texts: Readonly<Record<string, string>> | undefined,
  token: string,
): string | undefined {
  return texts && Object.hasOwn(texts, token) ? texts[token] : undefined;
}

/** A group of texts by the token of a check, a device or a level. */
export function ownGroup<T>(groups: Readonly<Record<string, T>>, token: string): T | undefined {
  return Object.hasOwn(groups, token) ? groups[token] : undefined;
}
