/** An answer of the API, or why there is none. */
export type ApiAnswer<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'signedOut' }
  /** `detail` is the problem document's sentence, empty when the collector did not answer at all. */
  | {
      readonly kind: 'failed';
      readonly status: number;
      readonly detail: string;
      /** Stable token of the refusal; missing without a problem document. */
      readonly reason?: string;
      /** How long to wait before the next try, where the collector says it. */
      readonly retryAfterMs?: number;
    };

/** `type` of problem documents is this and a token. */
const PROBLEM_TYPE = 'urn:ppe-pulse:problem:';
const NOT_SIGNED_IN = 'notSignedIn';
const DEADLINE_MS = 10_000;

/** GETs JSON from the page's own collector. Never rejects. */
export function getJson<T>(path: string): Promise<ApiAnswer<T>> {
  return ask(path, {});
}

/** POSTs JSON to the page's own collector. Never rejects. */
export function postJson<T>(path: string, body: unknown): Promise<ApiAnswer<T>> {
  return sendJson('POST', path, body);
}

/** Sends JSON to the page's own collector. Never rejects. */
export function sendJson<T>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: unknown,
): Promise<ApiAnswer<T>> {
  return ask(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function ask<T>(path: string, request: RequestInit): Promise<ApiAnswer<T>> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), DEADLINE_MS);
  try {
    const { signal } = controller;
    const response = await fetch(path, { ...request, signal, credentials: 'same-origin' });
    const { status, headers } = response;
    const body: unknown = status === 204 ? null : await response.json();
    if (response.ok) return { kind: 'done', value: body as T };
    const refusal = refusalOf(body);
    // A wrong password is refused with 401 as well: that ends no session.
    if (status === 401 && (refusal.reason ?? NOT_SIGNED_IN) === NOT_SIGNED_IN)
      return { kind: 'signedOut' };
    const retryAfterMs = Number(headers.get('retry-after') ?? 0) * 1_000;
    return { kind: 'failed', status, ...refusal, ...(retryAfterMs > 0 && { retryAfterMs }) };
  } catch {
    return { kind: 'failed', status: 0, detail: '' };
  } finally {
    clearTimeout(timer);
  }
}

function refusalOf(body: unknown): { readonly detail: string; readonly reason?: string } {
  if (typeof body !== 'object' || body === null) return { detail: '' };
  const { detail, type } = body as { readonly detail?: unknown; readonly type?: unknown };
  const isNamed = typeof type === 'string' && type.startsWith(PROBLEM_TYPE);
  return {
    detail: typeof detail === 'string' ? detail : '',
    ...(isNamed && { reason: type.slice(PROBLEM_TYPE.length) }),
  };
}
