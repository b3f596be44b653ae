import { lazy } from 'react';
import type { Verdict } from '@ppe-pulse/protocol';
import { Glyph } from '../ui/Glyph.tsx';
import { LiveFooter } from '../ui/LiveFooter.tsx';
import { Part } from '../ui/Part.tsx';
import type { OrderChoice } from './use-tile-order.ts';
import { useWallWords } from './use-wall-words.ts';

const legend: readonly Verdict[] = ['fail', 'unknown', 'warn', 'silentByRule', 'notInvolved'];

const SoundSwitch = lazy(async () => ({
  default: (await import('../incidents/SoundSwitch.tsx')).SoundSwitch,
}));

const WallMenu = lazy(async () => ({ default: (await import('./WallMenu.tsx')).WallMenu }));

interface WallFooterProps {
  readonly choice: OrderChoice;
  readonly onChoice: (choice: OrderChoice) => void;
}

/** Proof of life, what the tiles show, what the signs mean, the sound, and the way to the pages. */
export function WallFooter({ choice, onChoice }: WallFooterProps) {
  const { page } = useWallWords();
  const end = (
    <>
      <Part>
        <SoundSwitch />
      </Part>
      <Part>
        <WallMenu />
      </Part>
    </>
  );
  return (
    <LiveFooter end={end}>
      <label>
        <input
          type="checkbox"
          checked={choice.onlyProblems}
          onChange={() => onChoice({ ...choice, onlyProblems: !choice.onlyProblems })}
        />
        {page.onlyProblems}
      </label>
      <label>
        <input
          type="checkbox"
          checked={choice.isPinned}
          onChange={() => onChoice({ ...choice, isPinned: !choice.isPinned })}
        />
        {page.pinOrder}
      </label>
      <Legend />
    </LiveFooter>
  );
}

function Legend() {
  const { page, domain, own } = useWallWords();
  return (
    <ul className="legend" aria-label={page.legend}>
      {legend.map((verdict) => (
        <li key={verdict}>
          <Glyph verdict={verdict} /> {domain.verdicts[verdict]}
        </li>
      ))}
      <li>
        <span className="legend-cell cell-done" /> {own.legendDone}
      </li>
      <li>
        <span className="legend-cell cell-ok" /> {own.legendWork}
      </li>
    </ul>
  );
}
