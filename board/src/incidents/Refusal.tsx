import { useIncidentWords } from './use-incident-words.ts';

/** Why something did not work, as the collector says it. */
export function Refusal({ of }: { readonly of: string }) {
  const { own } = useIncidentWords();
  return of === '' ? null : (
    <p className="refusal" role="alert">
      {own.failed(of)}
    </p>
  );
}
