import { lazy } from 'react';
import { Link } from 'wouter';
import type { Verdict } from '@ppe-pulse/protocol';
import { Glyph } from '../ui/Glyph.tsx';
import { LiveFooter } from '../ui/LiveFooter.tsx';
import { menuPages, useMenuTexts } from '../ui/menu-texts.ts';
import { Part } from '../ui/Part.tsx';
import { Switches } from '../ui/Switches.tsx';
import type { OrderChoice } from './use-tile-order.ts';
import { useWallWords } from './use-wall-words.ts';

const legend: readonly Verdict[] = ['fail', 'unknown', 'warn', 'silentByRule', 'notInvolved'];

const SoundSwitch = lazy(async () => ({
  default: (await import('../incidents/SoundSwitch.tsx')).SoundSwitch,
}));

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
      <Menu />
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

/** Everything that is not the wall: opens upwards, closes by itself when a page is chosen. */
function Menu() {
  const { menu, pages } = useMenuTexts();
  const others = menuPages.filter((page) => page !== 'wall');
  return (
    <details className="menu">
      <summary>{menu}</summary>
      <nav aria-label={menu}>
        {others.map((page) => (
          <Link key={page} href={`/${page}`}>
            {pages[page]}
          </Link>
        ))}
        <Switches />
      </nav>
    </details>
  );
}
