import type { Verdict } from '@ppe-pulse/protocol';

/** Shapes carry the state without colour: triangle, octagon with a cross, diamond with a question. */
const shapes: Readonly<Record<Verdict, { readonly outline: string; readonly mark: string }>> = {
  ok: { outline: 'M4 4h12v12H4z', mark: 'M6.6 10.2l2.4 2.4 4.6-5' },
  warn: { outline: 'M10 2.2L18.6 17H1.4z', mark: 'M10 7.4v4.4M10 13.6v1.6' },
  fail: {
    outline: 'M6.3 1.5h7.4l4.8 4.8v7.4l-4.8 4.8H6.3l-4.8-4.8V6.3z',
    mark: 'M6.6 6.6l6.8 6.8M13.4 6.6l-6.8 6.8',
  },
  unknown: {
    outline: 'M10 1l9 9-9 9-9-9z',
    mark: 'M7.8 7.9c.3-2.7 4.6-2.5 4.4.1-.1 1.7-2.2 1.6-2.2 3.4M10 13.4v1.4',
  },
  silentByRule: { outline: 'M10 2a8 8 0 100 16 8 8 0 000-16z', mark: 'M6.5 10h7' },
  notInvolved: { outline: 'M4 9h12v2H4z', mark: '' },
};

/** The sign of a verdict. `label` is read aloud; without it the sign is decoration beside text. */
export function Glyph({ verdict, label }: { readonly verdict: Verdict; readonly label?: string }) {
  const { outline, mark } = shapes[verdict];
  const spoken =
    label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg className={`glyph glyph-${verdict}`} viewBox="0 0 20 20" {...spoken}>
      <path className="glyph-outline" d={outline} />
      {mark !== '' && <path className="glyph-mark" d={mark} />}
    </svg>
  );
}
