interface CodeFieldProps {
  readonly label: string;
  readonly value: string;
  readonly isFocused?: boolean;
  readonly onType: (code: string) => void;
}

/** Six digits of an app; what is pasted with spaces is taken as well. */
export function CodeField({ label, value, isFocused = false, onType }: CodeFieldProps) {
  return (
    <label>
      <span>{label}</span>
      <input
        className="code"
        value={value}
        required
        autoFocus={isFocused}
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="[0-9]{6}"
        onChange={({ target }) => onType(target.value.replaceAll(/\D/g, '').slice(0, 6))}
      />
    </label>
  );
}
