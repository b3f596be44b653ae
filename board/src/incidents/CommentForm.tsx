import { useState } from 'react';
import type { Act } from './act.ts';
import { MAX_TYPED_LENGTH } from './typed-limit.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** A comment; `c` in the list leads here with the cursor in the field. */
export function CommentForm({ act }: { readonly act: Act }) {
  const { own } = useIncidentWords();
  const [note, setNote] = useState('');
  const comment = async (): Promise<void> => {
    if (await act('comment', { note })) setNote('');
  };
  return (
    <form
      className="fields"
      data-testid="comment-form"
      onSubmit={(event) => {
        event.preventDefault();
        void comment();
      }}
    >
      <textarea
        aria-label={own.comment}
        placeholder={`${own.comment}. ${own.commentHint}`}
        value={note}
        maxLength={MAX_TYPED_LENGTH}
        rows={2}
        required
        autoFocus={window.location.hash === '#comment'}
        onChange={({ target }) => setNote(target.value)}
      />
      <button type="submit">{own.send}</button>
    </form>
  );
}
