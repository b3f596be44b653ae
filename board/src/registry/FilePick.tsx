import { useId, useState } from 'react';
import { useRegistryWords } from './use-registry-words.ts';

interface FilePickProps {
  readonly isDisabled: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Files by a button or by dropping them. */
export function FilePick({ isDisabled, onFiles }: FilePickProps) {
  const { own } = useRegistryWords();
  const [isOver, setIsOver] = useState(false);
  const id = useId();
  return (
    <div
      className={isOver ? 'file-drop is-over' : 'file-drop'}
      data-testid="file-drop"
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        if (!isDisabled) onFiles([...event.dataTransfer.files]);
      }}
    >
      <input
        id={id}
        className="file-input"
        type="file"
        multiple
        accept=".csv,.txt,.tsv,.xlsx"
        disabled={isDisabled}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          // The same file, mended, may be chosen again.
          target.value = '';
        }}
      />
      <label htmlFor={id}>{own.choose}</label> <span className="quiet">{own.drop}</span>
    </div>
  );
}
