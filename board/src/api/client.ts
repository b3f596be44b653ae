/** An answer of the API, or why there is none. */
export type ApiAnswer<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'signedOut' }
  /** `detail` is the problem document's sentence, empty when the collector did not answer at all. */
  | { readonly kind: 'failed'; readonly status: number; readonly detail: string };

const DEADLINE_MS = 10_000;

/** GETs JSON from the page's own collector. Never rejects. */
export function getJson<T>(path: string): Promise<ApiAnswer<T>> {
  return ask(path, {});
}

/** POSTs JSON to the page's own collector. Never rejects. */
export function postJson<T>(path: string, body: unknown): Promise<ApiAnswer<T>> {
  return ask(path, {
    method: 'POST',
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
    if (response.status === 401) return { kind: 'signedOut' };
    const body: unknown = await response.json();
    if (response.ok) return { kind: 'done', value: body as T };
    return { kind: 'failed', status: response.status, detail: detailOf(body) };
  } catch {
    return { kind: 'failed', status: 0, detail: '' };
  } finally {
    clearTimeout(timer);
  }
}

function detailOf(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('detail' in body)) return '';
  return typeof body.detail === 'string' ? body.detail : '';
}
