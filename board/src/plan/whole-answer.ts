/** An answer of the API with all that a refusal says: lists of problems come in its document. */
export interface WholeAnswer {
  /** 0 when the collector did not answer at all. */
  readonly status: number;
  readonly body: unknown;
  /** Stable token of the refusal, its sentence in English; both empty where there is none. */
  readonly reason: string;
  readonly detail: string;
}

const DEADLINE_MS = 30_000;
const PROBLEM_TYPE = 'urn:ppe-pulse:problem:';

/** Sends JSON to the page's own collector. Never rejects. */
export async function sendWhole(
  method: 'POST' | 'PUT',
  path: string,
  body: unknown,
): Promise<WholeAnswer> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), DEADLINE_MS);
  try {
    const response = await fetch(path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'same-origin',
      signal: controller.signal,
    });
    return wholeAnswerOf(response.status, await response.text());
  } catch {
    return wholeAnswerOf(0, '');
  } finally {
    clearTimeout(timer);
  }
}

/** Reads what came back, whatever it is. */
export function wholeAnswerOf(status: number, text: string): WholeAnswer {
  const body = parsed(text);
  if (status === 401) return { status, body, reason: 'notSignedIn', detail: '' };
  if (status >= 200 && status < 300) return { status, body, reason: '', detail: '' };
  const { type, detail } = (typeof body === 'object' && body !== null ? body : {}) as {
    readonly type?: unknown;
    readonly detail?: unknown;
  };
  const isNamed = typeof type === 'string' && type.startsWith(PROBLEM_TYPE);
  return {
    status,
    body,
    reason: isNamed ? type.slice(PROBLEM_TYPE.length) : '',
    detail: typeof detail === 'string' ? detail : '',
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // An answer of something between us and the collector: its status says enough.
    return null;
  }
}
