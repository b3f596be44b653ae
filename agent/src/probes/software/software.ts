/** A program as the system's own list names it. Such names stay in the probe child. */
export interface InstalledProgram {
  readonly name: string;
  /** Empty where the list has none. */
  readonly version: string;
}

/** A program that should be there, by `agent.yaml`. */
export interface WantedProgram {
  readonly match: string;
  /** The oldest that will do. */
  readonly version?: string;
}

/** Which of the wanted programs are installed, in their order. */
export type SoftwareLook =
  | { readonly kind: 'seen'; readonly installed: readonly boolean[] }
  /** `notSupported`: this system has no list that the agent can read. */
  | { readonly kind: 'failed'; readonly reason: 'notSupported' | 'noAnswer' | 'badAnswer' };

/** Looks the wanted programs up in a list. */
export function lookUp(
  wanted: readonly WantedProgram[],
  programs: readonly InstalledProgram[],
): boolean[] {
  return wanted.map(({ match, version }) => {
    const matches = matcherOf(match);
    return programs.some(
      (program) =>
        matches(program.name) && (version === undefined || isAtLeast(program.version, version)),
    );
  });
}

/** Names are compared whole and in any case; `*` stands for any text. No backtracking. */
export function matcherOf(pattern: string): (name: string) => boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const last = rest.pop();
  return (name) => {
    const text = name.toLowerCase();
    if (last === undefined) return text === first;
    if (!text.startsWith(first)) return false;
    let from = first.length;
    for (const part of rest) {
      const at = text.indexOf(part, from);
      if (at < 0) return false;
      from = at + part.length;
    }
    return text.length - last.length >= from && text.endsWith(last);
  };
}

/**
 * Compares the numbers of two versions: `3.11.2-1` is at least `3.8`. A version that has no number
 * proves nothing.
 */
export function isAtLeast(version: string, wanted: string): boolean {
  const have = numbersOf(version);
  if (have.length === 0) return false;
  for (const [at, least] of numbersOf(wanted).entries()) {
    const own = have[at] ?? 0;
    if (own !== least) return own > least;
  }
  return true;
}

/** Without the epoch before a colon, that only Debian knows, and what a packager added after a dash. */
function numbersOf(version: string): number[] {
  const upstream = version.replace(/^\d+:/, '').replace(/-.*$/, '');
  return (upstream.match(/\d{1,12}/g) ?? []).map(Number);
}
