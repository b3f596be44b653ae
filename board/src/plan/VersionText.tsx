import { usePlanWords } from './use-plan-words.ts';
import { useVersionText } from './use-version-text.ts';

/** The text of one version, as it was written. */
export function VersionText({ version }: { readonly version: number }) {
  const { own } = usePlanWords();
  const text = useVersionText(version);
  const label = `${own.version} ${version}`;
  return (
    <section className="panel is-wide" aria-label={label}>
      <h2>{label}</h2>
      {text === undefined ? (
        <p role="status">{own.loading}</p>
      ) : (
        <pre className="version-text scroll" role="region" aria-label={own.text} tabIndex={0}>
          {text}
        </pre>
      )}
    </section>
  );
}
