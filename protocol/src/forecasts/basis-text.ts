import type { Language } from '../texts/domain-texts.ts';
import { forecastTexts } from '../texts/forecast-texts.ts';
import { formatValue } from '../texts/units.ts';
import { basisUnits, forecastGrounds, type BasisKey } from './basis.ts';
import type { Forecast } from './forecast.ts';

/** What a forecast rests on, for a person: «по счётчику страниц; комплектов: 15, …». */
export function basisText(
  basis: Forecast['basis'],
  language: Language,
  timeOf: (ms: number) => string,
): string {
  const texts = forecastTexts(language);
  const ground = forecastGrounds.find((each) => each === basis.from);
  const numbers = (Object.keys(basisUnits) as BasisKey[]).flatMap((key) => {
    const value = basis[key];
    if (typeof value !== 'number') return [];
    const unit = basisUnits[key];
    const text = unit === 'time' ? timeOf(value) : formatValue(value, unit, language);
    return [`${texts.basis[key]}: ${text}`];
  });
  return [...(ground ? [texts.grounds[ground]] : []), numbers.join(', ')]
    .filter((part) => part !== '')
    .join('; ');
}
