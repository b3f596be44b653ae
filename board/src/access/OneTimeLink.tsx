import { useRef, useState } from 'react';
import { SureButton } from '../ui/SureButton.tsx';
import { useLeaveGuard } from '../ui/use-leave-guard.ts';
import { useAccessWords } from './use-access-words.ts';
import { copyFrom } from './copy-text.ts';

interface OneTimeLinkProps {
  readonly title: string;
  readonly hint: string;
  /** Path on this collector. */
  readonly path: string;
  readonly onDone: () => void;
}

/** A link that is shown once: it stays until it is put away, over reloads of the list and new builds. */
export function OneTimeLink({ title, hint, path, onDone }: OneTimeLinkProps) {
  const { own } = useAccessWords();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<boolean>();
  useLeaveGuard(copied === undefined, own.leave);
  const copy = async (): Promise<void> => {
    if (field.current) setCopied(await copyFrom(field.current));
  };
  return (
    <div className="one-time" data-testid="one-time-link" data-unsaved>
      <strong>{title}</strong>
      <p>{hint}</p>
      <div className="fields">
        <input
          ref={field}
          readOnly
          autoFocus
          aria-label={title}
          value={window.location.origin + path}
          onFocus={({ target }) => target.select()}
        />
        <button type="button" onClick={() => void copy()}>
          {own.link.copy}
        </button>
        <SureButton
          text={own.link.done}
          sureText={own.link.doneReally}
          isBusy={false}
          onSure={onDone}
        />
      </div>
      <p role="status">
        {copied === true && own.link.copied}
        {copied === false && own.link.notCopied}
      </p>
    </div>
  );
}
