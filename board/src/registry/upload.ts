import { wholeAnswerOf, type WholeAnswer } from '../plan/whole-answer.ts';

/** A request that takes its time: how far it is, its answer, and a way to give it up. */
export interface Upload {
  readonly answer: Promise<WholeAnswer | 'cancelled'>;
  readonly cancel: () => void;
}

/** The collector gives an import up after a minute of reading; sending comes before that. */
const DEADLINE_MS = 180_000;

/**
 * POSTs bytes and tells how much of them is sent, 0…1. `fetch` cannot say that: this is the one thing
 * that the old way is still for.
 */
export function startUpload(path: string, body: Blob, onSent: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const answer = new Promise<WholeAnswer | 'cancelled'>((resolve) => {
    request.open('POST', path);
    request.timeout = DEADLINE_MS;
    request.setRequestHeader('content-type', body.type || 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onSent(total === 0 ? 0 : loaded / total),
    );
    request.upload.addEventListener('load', () => onSent(1));
    request.addEventListener('load', () =>
      resolve(wholeAnswerOf(request.status, request.responseText)),
    );
    for (const event of ['error', 'timeout'])
      request.addEventListener(event, () => resolve(wholeAnswerOf(0, '')));
    request.addEventListener('abort', () => resolve('cancelled'));
    request.send(body);
  });
  return { answer, cancel: () => request.abort() };
}

/** The body of an import: the bytes of one file as they are, several as JSON. */
export async function bodyOf(files: readonly File[]): Promise<Blob> {
  const [only, ...others] = files;
  if (only && others.length === 0) return only.slice(0, only.size, 'application/octet-stream');
  const parts: string[] = [];
  for (const file of files) {
    const data = await dataUrlOf(file);
    const base64 = data.slice(data.indexOf(',') + 1);
    parts.push(`{"name":${JSON.stringify(file.name)},"base64":"${base64}"}`);
  }
  return new Blob([`{"files":[${parts.join(',')}]}`], { type: 'application/json' });
}

/** Rejects where the file cannot be read any more. */
function dataUrlOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () =>
      resolve(typeof reader.result === 'string' ? reader.result : ''),
    );
    reader.addEventListener('error', () => reject(reader.error ?? new Error('not readable')));
    reader.readAsDataURL(file);
  });
}
