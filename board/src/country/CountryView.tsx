import './country.css';
import { useRef } from 'react';
import { useLive } from '../live/use-live.ts';
import { CountryCanvas } from './CountryCanvas.tsx';
import { CountryHead } from './CountryHead.tsx';
import { CountryTable } from './CountryTable.tsx';
import { useCountryWords } from './use-country-words.ts';
import { usePainter } from './use-painter.ts';

/** Thousands of sites: a canvas of all of them, and a table of the municipalities that says the same. */
export function CountryView() {
  const { own, page } = useCountryWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const painter = usePainter(canvas, box);
  const isReady = useLive((state) => state.seq >= 0);
  const isEmpty = useLive((state) => state.sites.size === 0);
  return (
    <section className="country" aria-label={own.country}>
      <div className="country-main">
        <CountryHead painter={painter} />
        <div className="country-box" ref={box}>
          <CountryCanvas canvas={canvas} painter={painter} />
          {isEmpty && <p className="message">{isReady ? page.nobody : page.waiting}</p>}
        </div>
      </div>
      {painter && <CountryTable painter={painter} />}
    </section>
  );
}
