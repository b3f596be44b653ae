import { useMemo } from 'react';
import type { ImportState } from './use-import.ts';
import { useRegistryWords } from './use-registry-words.ts';

interface ProgressProps {
  readonly of: Extract<ImportState, { kind: 'working' }>;
  readonly onCancel: () => void;
}

/** How far an import is. What is sent whole to be applied cannot be called back. */
export function Progress({ of: { step, share }, onCancel }: ProgressProps) {
  const { own, language } = useRegistryWords();
  const percent = useMemo(() => new Intl.NumberFormat(language, { style: 'percent' }), [language]);
  const isSent = share >= 1;
  const text = isSent
    ? step === 'check'
      ? own.checking
      : own.applying
    : own.sending(percent.format(share));
  return (
    <div className="fields import-progress" data-testid="import-progress">
      <progress aria-label={text} max={1} {...(isSent ? {} : { value: share })} />
      <span role="status">{text}</span>
      {!(isSent && step === 'apply') && (
        <button type="button" onClick={onCancel}>
          {own.cancel}
        </button>
      )}
    </div>
  );
}
