import {
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
} from 'react';
import { useLocation } from 'wouter';
import { moved, type PlacedBox } from './country-cursor.ts';
import type { Block } from './country-layout.ts';
import type { CountryPainter } from './country-painter.ts';
import { SiteHint } from './SiteHint.tsx';
import { useCountryWords } from './use-country-words.ts';
import { useLayout } from './use-painter.ts';

interface CountryCanvasProps {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly painter: CountryPainter | null;
}

/** The site that is pointed at, and by what. */
interface Cursor {
  readonly code: string;
  readonly isByKey: boolean;
}

/** The canvas with names of blocks over it and a cursor; a click or Enter opens the site. */
export function CountryCanvas({ canvas, painter }: CountryCanvasProps) {
  const { own } = useCountryWords();
  const [, navigate] = useLocation();
  const layout = useLayout(painter);
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const site = painter?.model.sites.findIndex(({ code }) => code === cursor?.code) ?? -1;
  const point = (next: number | undefined, isByKey: boolean): void => {
    const code = next === undefined ? undefined : painter?.model.sites[next]?.code;
    if (code === cursor?.code) return;
    setCursor(code === undefined ? null : { code, isByKey });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!painter || event.ctrlKey || event.altKey || event.metaKey) return;
    if ((event.key === 'Enter' || event.key === ' ') && cursor) navigate(`/ppe/${cursor.code}`);
    else if (event.key === 'Escape') setCursor(null);
    else {
      const next = moved(painter.field, event.key, site < 0 ? null : site);
      if (next === undefined) return;
      point(next, true);
    }
    event.preventDefault();
  };
  const siteUnder = ({ nativeEvent }: PointerEvent): number =>
    painter?.siteAt(nativeEvent.offsetX, nativeEvent.offsetY) ?? -1;
  const boxes = site < 0 ? [] : (painter?.boxesOf(site) ?? []);
  return (
    <>
      <canvas
        ref={canvas}
        className="country-canvas"
        data-testid="country"
        role="application"
        tabIndex={0}
        aria-label={own.canvas}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => point(siteUnder(event), false)}
        onPointerLeave={() => cursor?.isByKey === false && setCursor(null)}
        onClick={() => cursor && navigate(`/ppe/${cursor.code}`)}
      />
      {painter && !layout && painter.model.sites.length > 0 && (
        <p className="message">{own.noRoom}</p>
      )}
      {layout?.blocks.map((block) => (
        <Caption key={block.firstCell} block={block} painter={painter} />
      ))}
      {boxes.map((box) => (
        <span key={`${box.leftPx} ${box.topPx}`} className="country-cursor" style={styleOf(box)} />
      ))}
      {painter && cursor && site >= 0 && boxes[0] && (
        <SiteHint painter={painter} site={site} at={boxes[0]} isSaid={cursor.isByKey} />
      )}
    </>
  );
}

function Caption({
  block,
  painter,
}: {
  readonly block: Block;
  readonly painter: CountryPainter | null;
}) {
  const { own, number } = useCountryWords();
  const group = painter?.model.groups[block.group];
  if (!group || !painter) return null;
  const { ratio } = painter;
  const name = `${group.name || own.unnamed} · ${number(group.sites.length)}`;
  return (
    <span
      className="country-caption"
      aria-hidden="true"
      title={name}
      style={{
        left: `${block.x / ratio}px`,
        top: `${block.y / ratio}px`,
        width: `${block.width / ratio}px`,
      }}
    >
      {name}
    </span>
  );
}

function styleOf(box: PlacedBox): CSSProperties {
  return {
    left: `${box.leftPx}px`,
    top: `${box.topPx}px`,
    width: `${box.widthPx}px`,
    height: `${box.heightPx}px`,
  };
}
