import { useEffect, useId, useRef, useState } from 'react';
import type { Refused } from '../incidents/refused.ts';
import { startUpload, type Upload } from '../registry/upload.ts';
import { RolloutRefusal } from './RolloutRefusal.tsx';
import { useRolloutWords } from './use-rollout-words.ts';

/** As the collector takes at most. */
const MOST_BYTES = 1_000_000;

/** A bundle from a file; the collector checks who signed it. */
export function UploadUpdate({ onAdded }: { readonly onAdded: () => void }) {
  const { own, number } = useRolloutWords();
  const [share, setShare] = useState<number>();
  const [failure, setFailure] = useState<Refused>();
  const running = useRef<Upload | undefined>(undefined);
  const id = useId();
  useEffect(() => () => running.current?.cancel(), []);
  const send = async (file: File): Promise<void> => {
    if (running.current) return;
    if (file.size > MOST_BYTES) {
      setFailure({ reason: 'tooBig', detail: '' });
      return;
    }
    setFailure(undefined);
    const bytes = file.slice(0, file.size, 'application/octet-stream');
    running.current = startUpload('/api/v1/updates', bytes, setShare);
    const answer = await running.current.answer;
    running.current = undefined;
    setShare(undefined);
    if (answer === 'cancelled') return;
    if (answer.status === 201) onAdded();
    else setFailure({ reason: answer.reason, detail: answer.detail });
  };
  return (
    <>
      <p className="rollout-file">
        <input
          id={id}
          type="file"
          accept=".update"
          disabled={share !== undefined}
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file) void send(file);
            target.value = '';
          }}
        />
        <label htmlFor={id}>{own.upload}</label>{' '}
        {share !== undefined && (
          <span role="status">{own.uploading(number(Math.round(share * 100)))}</span>
        )}
      </p>
      <RolloutRefusal of={failure} />
    </>
  );
}
