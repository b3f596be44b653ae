/** The build of the board that runs in this page, as the build wrote it into the document; empty for none. */
export function ownBuild(page: Document): string {
  return page.querySelector<HTMLMetaElement>('meta[name=ppe-pulse-build]')?.content ?? '';
}

/** What the collector serves now. */
export interface ServedBoard {
  readonly build: string;
  /** False when no copy of the shell is wanted in browsers any more. */
  readonly serviceWorker: boolean;
  /** Paths of its hashed files, without those that a wall needs never. */
  readonly files: readonly string[];
}

const DEADLINE_MS = 10_000;

/** Asks past every cache; null when nobody answers or says. Never rejects. */
export async function servedBoard(): Promise<ServedBoard | null> {
  try {
    const response = await fetch('/version.json', {
      cache: 'no-store',
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const board = response.ok ? ((await response.json()) as Partial<ServedBoard>) : {};
    const { build, serviceWorker, files } = board;
    if (typeof build !== 'string') return null;
    const paths = Array.isArray(files) ? files.filter(isHashedPath) : [];
    return { build, serviceWorker: serviceWorker !== false, files: paths };
  } catch {
    return null;
  }
}

function isHashedPath(path: unknown): path is string {
  return typeof path === 'string' && /^\/assets\/[\w.-]+$/.test(path);
}
