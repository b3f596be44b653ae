import { useCallback, useEffect, useRef, useState } from 'react';
import type { ImportAnswer, ImportRefusal } from './registry-shapes.ts';
import { bodyOf, startUpload } from './upload.ts';

/** How far an import is. */
export type ImportState =
  | { readonly kind: 'idle' | 'cancelled' | 'moved' | 'unreadable' }
  /** `share` of what is sent; 1 is all of it: now the collector reads. */
  | { readonly kind: 'working'; readonly step: 'check' | 'apply'; readonly share: number }
  | ({ readonly kind: 'refused' } & ImportRefusal)
  | { readonly kind: 'checked' | 'applied'; readonly answer: ImportAnswer }
  | { readonly kind: 'failed'; readonly reason: string; readonly detail: string };

export interface ImportControl {
  readonly state: ImportState;
  readonly check: (files: readonly File[]) => void;
  /** Applies what was shown for this version of the registry. */
  readonly apply: (files: readonly File[], baseVersion: number) => void;
  readonly cancel: () => void;
  readonly reset: () => void;
}

const PATH = '/api/v1/registry/import';

/** An import, one request at a time: a second click while one is under way does nothing. */
export function useImport(onApplied: () => void): ImportControl {
  const [state, setState] = useState<ImportState>({ kind: 'idle' });
  const running = useRef<{ cancel: () => void } | undefined>(undefined);
  useEffect(() => () => running.current?.cancel(), []);
  const run = useCallback(
    async (step: 'check' | 'apply', query: string, files: readonly File[]): Promise<void> => {
      if (running.current) return;
      let isCancelled = false;
      running.current = { cancel: () => (isCancelled = true) };
      setState({ kind: 'working', step, share: 0 });
      const done = await sent(step, query, files, (share, cancel) => {
        if (isCancelled) cancel();
        else if (running.current) running.current = { cancel };
        setState({ kind: 'working', step, share });
      });
      running.current = undefined;
      setState(done);
      if (done.kind === 'applied') onApplied();
    },
    [onApplied],
  );
  const check = useCallback(
    (files: readonly File[]) => void run('check', 'dryRun=true', files),
    [run],
  );
  const apply = useCallback(
    (files: readonly File[], baseVersion: number) =>
      void run('apply', `baseVersion=${baseVersion}`, files),
    [run],
  );
  const cancel = useCallback(() => running.current?.cancel(), []);
  const reset = useCallback(() => setState({ kind: 'idle' }), []);
  return { state, check, apply, cancel, reset };
}

/** Sends the files and reads what came of it. `tell` learns how far it is and how to give it up. */
async function sent(
  step: 'check' | 'apply',
  query: string,
  files: readonly File[],
  tell: (share: number, cancel: () => void) => void,
): Promise<ImportState> {
  let body: Blob;
  try {
    body = await bodyOf(files);
  } catch {
    return { kind: 'unreadable' };
  }
  const [only, ...others] = files;
  const name =
    only && others.length === 0 ? `&name=${encodeURIComponent(shortName(only.name))}` : '';
  let cancel = (): void => undefined;
  const upload = startUpload(`${PATH}?${query}${name}`, body, (share) => tell(share, cancel));
  cancel = upload.cancel;
  tell(0, cancel);
  const answer = await upload.answer;
  if (answer === 'cancelled') return { kind: 'cancelled' };
  if (answer.status === 200)
    return {
      kind: step === 'check' ? 'checked' : 'applied',
      answer: answer.body as ImportAnswer,
    };
  if (answer.reason === 'registryMoved') return { kind: 'moved' };
  if (answer.reason === 'registryRefused')
    return { kind: 'refused', ...(answer.body as ImportRefusal) };
  return { kind: 'failed', reason: answer.reason, detail: answer.detail };
}

const NAME_CHARACTERS = 200;

/** The end of a long name says more than its beginning: there is the kind of the file. */
function shortName(name: string): string {
  return name.slice(-NAME_CHARACTERS);
}
