import type { Language } from './domain-texts.ts';
import type { ForecastTexts } from './forecast-words.ts';
import { forecastsEn } from './forecasts-en.ts';
import { forecastsRu } from './forecasts-ru.ts';

/** Words of forecasts in a language. */
export function forecastTexts(language: Language): ForecastTexts {
  return language === 'ru' ? forecastsRu : forecastsEn;
}
