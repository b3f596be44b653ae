/** An answer that takes longer is none. */
const DEADLINE_MS = 10_000;

/** True when the collector answers and does not know this browser. Never rejects. */
export async function isSignedOut(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    return (await fetch('/api/v1/session', { signal })).status === 401;
  } catch {
    // Nobody answers: that is another trouble.
    return false;
  }
}
