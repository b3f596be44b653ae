import { useRef, type CSSProperties, type RefObject } from 'react';
import { Link } from 'wouter';
import type { Incident } from '@ppe-pulse/protocol';
import { useArea } from '../wall/use-area.ts';
import { fitted, rowsThatFit } from './fit.ts';
import { ProblemRow } from './ProblemRow.tsx';
import { tallyOf } from './side-order.ts';
import { useWallSideWords } from './use-wall-side-words.ts';
import type { Density } from '../display/density.ts';

/** Heights of a row, rem: two lines of text, in a hall large enough for its end. */
const ROW_REM: Readonly<Record<Density, number>> = { desk: 4.9, wall: 5, hall: 11 };

/** In a small window a row still holds its title and a button of 24 px, which a finger finds. */
const LEAST_ROW_PX = 47;

/** How many rows a list has room for, and the style that gives its rows their height. */
export function useRows(
  density: Density,
  least: number,
): {
  readonly list: RefObject<HTMLOListElement | null>;
  readonly rows: number;
  readonly style: CSSProperties;
} {
  const list = useRef<HTMLOListElement>(null);
  const { heightPx, remPx } = useArea(list);
  const rowRem = ROW_REM[density];
  const row = `max(${rowRem}rem, ${LEAST_ROW_PX}px)`;
  const style = { '--row': row, minHeight: `calc(${row} * ${least})` } as CSSProperties;
  const rowPx = Math.max(rowRem * remPx, LEAST_ROW_PX);
  return { list, rows: rowsThatFit(heightPx, rowPx, least), style };
}

/** As many incidents as fit, and a line that counts the rest. */
export function ProblemList({
  lines,
  density,
  leastRows,
}: {
  readonly lines: readonly Incident[];
  readonly density: Density;
  /** Shown even where they are cut. */
  readonly leastRows: number;
}) {
  const { list, rows, style } = useRows(density, leastRows);
  const { shown, hidden } = fitted(lines, rows);
  return (
    <>
      <ol ref={list} className="problem-list" style={style} data-testid="incidents">
        {shown.map((incident) => (
          <ProblemRow key={incident.id} incident={incident} />
        ))}
      </ol>
      <More hidden={hidden} />
    </>
  );
}

/** What did not fit: how many, and whether any of it is urgent. Its place is always kept. */
export function More({ hidden }: { readonly hidden: readonly Incident[] }) {
  const { side, number } = useWallSideWords();
  const { open, critical, ownerless } = tallyOf(hidden);
  return (
    <p className="problem-more" data-testid="more">
      {open > 0 && (
        <Link href="/incidents">
          {critical === 0
            ? side.moreWarnings(number(open))
            : side.more(number(open), number(critical))}
        </Link>
      )}
      {ownerless > 0 && <strong>{side.moreOwnerless(number(ownerless))}</strong>}
    </p>
  );
}
