import { useState } from 'react';

interface SureButtonProps {
  readonly text: string;
  /** In its place once it was pressed: what the second press does. */
  readonly sureText: string;
  /** Of what; read aloud after the text. */
  readonly of?: string;
  readonly isBusy: boolean;
  readonly onSure: () => void;
}

/** A button for what cannot be undone: does it when it is pressed twice, and not by a double click. */
export function SureButton({ text, sureText, of, isBusy, onSure }: SureButtonProps) {
  const [isSure, setIsSure] = useState(false);
  return (
    <button
      type="button"
      disabled={isBusy}
      aria-label={of && `${isSure ? sureText : text} ${of}`}
      onBlur={() => setIsSure(false)}
      onClick={({ detail }) => {
        if (!isSure) setIsSure(true);
        // The second click of a double click is nobody's second thought.
        else if (detail < 2) {
          setIsSure(false);
          onSure();
        }
      }}
    >
      {isSure ? sureText : text}
    </button>
  );
}
