import './display.css';
import { useState } from 'react';
import { Link } from 'wouter';
import { useWords } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { PageFooter } from '../ui/PageFooter.tsx';
import { PageHead } from '../ui/PageHead.tsx';
import { useSettings, type SettingsControl } from '../ui/settings.ts';
import { densities, type Viewing } from './density.ts';
import { readabilityOf, type Readability } from './readability.ts';
import { displayEn } from './display-en.ts';
import { displayRu } from './display-ru.ts';
import type { DisplayTexts } from './display-texts.ts';

/** Before anybody said: a common television, from the other side of a room. */
const COMMON: Viewing = { diagonalInches: 65, distanceMetres: 4, screensAcross: 1 };
/** What a display can be; a form that is filled with nonsense keeps the last sense. */
const BOUNDS: Readonly<Record<keyof Viewing, readonly [number, number]>> = {
  diagonalInches: [10, 200],
  distanceMetres: [0.4, 50],
  screensAcross: [1, 10],
};

/** How this display is read: its size and distance, and from them the density; theme and language. */
export function DisplayPage() {
  const { language } = useWords();
  const own = language === 'ru' ? displayRu : displayEn;
  const settings = useSettings();
  const viewing = settings.viewing ?? COMMON;
  const readability = readabilityOf(viewing);
  return (
    <div className="page">
      <PageHead title={own.title} />
      <main id="main" className="display-page">
        <p>{own.lead}</p>
        <section className="panel" aria-label={own.density}>
          <Form
            own={own}
            viewing={viewing}
            onChange={(next) => settings.change({ viewing: next })}
          />
          <Verdict own={own} readability={readability} settings={settings} />
        </section>
        <Facts own={own} readability={readability} />
        <Sample own={own} readability={readability} />
        <Look own={own} settings={settings} />
      </main>
      <PageFooter />
    </div>
  );
}

interface FormProps {
  readonly own: DisplayTexts;
  readonly viewing: Viewing;
  readonly onChange: (viewing: Viewing) => void;
}

function Form({ own, viewing, onChange }: FormProps) {
  const fields = [
    ['diagonalInches', own.diagonal, 1],
    ['distanceMetres', own.distance, 0.1],
    ['screensAcross', own.across, 1],
  ] as const;
  return (
    <form className="display-form" onSubmit={(event) => event.preventDefault()}>
      {fields.map(([field, label, step]) => (
        <NumberField
          key={field}
          label={label}
          step={step}
          bounds={BOUNDS[field]}
          value={viewing[field]}
          onChange={(value) => onChange({ ...viewing, [field]: value })}
        />
      ))}
    </form>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly step: number;
  readonly bounds: readonly [number, number];
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** Keeps what is being typed: «1» on the way to «120» is no mistake yet. */
function NumberField({ label, step, bounds: [least, most], value, onChange }: NumberFieldProps) {
  const [typed, setTyped] = useState(String(value));
  return (
    <label>
      {label}
      <input
        type="number"
        min={least}
        max={most}
        step={step}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          const next = target.valueAsNumber;
          if (next >= least && next <= most) onChange(next);
        }}
      />
    </label>
  );
}

interface VerdictProps {
  readonly own: DisplayTexts;
  readonly readability: Readability;
  readonly settings: SettingsControl;
}

function Verdict({ own, readability, settings }: VerdictProps) {
  const { language } = useWords();
  const { density, arcMinutes, isTooSmall } = readability;
  const name = own.densities[density];
  const arc = rounded(arcMinutes, language);
  return (
    <>
      <p className="display-advice" data-testid="advice" role="status">
        <Glyph verdict={isTooSmall ? 'warn' : 'ok'} /> <strong>{own.advised(name)}</strong>{' '}
        {isTooSmall ? own.tooSmall(name, arc) : own.readable(name, arc)}
      </p>
      <fieldset>
        <legend>{own.density}</legend>
        {densities.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="density"
              checked={settings.density === each}
              onChange={() => settings.change({ density: each })}
            />
            <strong>{own.densities[each]}</strong> <span>{own.densityHints[each]}</span>
          </label>
        ))}
      </fieldset>
      {settings.density === density ? (
        <p className="quiet">{own.taken(name)}</p>
      ) : (
        <button type="button" onClick={() => settings.change({ density })}>
          {own.take}
        </button>
      )}
    </>
  );
}

function Facts({ own, readability }: Pick<VerdictProps, 'own' | 'readability'>) {
  const { language, number } = useWords();
  const { mmPerPx, smallestFontPx, easyFontPx, cells, density, arcMinutes } = readability;
  const facts = [
    [own.pixel, own.mm(rounded(mmPerPx, language, 3))],
    [own.smallest, own.px(rounded(smallestFontPx, language))],
    [own.easy, own.px(rounded(easyFontPx, language))],
    [own.cells, number(cells)],
    [own.arc(own.densities[density]), own.minutes(rounded(arcMinutes, language))],
  ] as const;
  return (
    <dl className="panel display-facts" data-testid="display-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The smallest readable font, to be looked at from where people sit: a rem is 10 px of 1080 lines. */
function Sample({ own, readability }: Pick<VerdictProps, 'own' | 'readability'>) {
  const { language } = useWords();
  const { smallestFontPx } = readability;
  return (
    <section className="panel" aria-label={own.sample}>
      <p className="quiet">{own.sampleHint(rounded(smallestFontPx, language))}</p>
      <p className="display-sample" style={{ fontSize: `${smallestFontPx / 10}rem` }}>
        {own.sample}
      </p>
    </section>
  );
}

function Look({ own, settings }: Pick<VerdictProps, 'own' | 'settings'>) {
  const { theme, language, density } = settings;
  const address = `/?density=${density}&theme=${theme === 'dark' ? 'night' : 'day'}&lang=${language}`;
  return (
    <section className="panel" aria-label={own.look}>
      <h2>{own.look}</h2>
      <p className="display-look">
        <span>{own.themeName}</span>
        {(['dark', 'light'] as const).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={theme === each}
            onClick={() => settings.change({ theme: each })}
          >
            {own.themes[each]}
          </button>
        ))}
        <span>{own.languageName}</span>
        {(['ru', 'en'] as const).map((each) => (
          <button
            key={each}
            type="button"
            lang={each}
            aria-pressed={language === each}
            onClick={() => settings.change({ language: each })}
          >
            {each}
          </button>
        ))}
      </p>
      <p>
        {own.link}: <Link href={address}>{address}</Link>
      </p>
      <p className="quiet">{own.linkHint}</p>
    </section>
  );
}

function rounded(value: number, language: string, digits = 0): string {
  return value.toLocaleString(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
