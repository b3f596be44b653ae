import { useWords } from '../text/texts.ts';

/** Words of the note that a part is shown, not the region. */
export interface ScopeTexts {
  readonly municipality: (name: string) => string;
  readonly site: (code: string) => string;
  readonly hint: string;
}

const ru: ScopeTexts = {
  municipality: (name) => `Муниципалитет: ${name}`,
  site: (code) => `Только ППЭ ${code}`,
  hint: 'Показана часть региона: то, что доступно этой учётной записи',
};

const en: ScopeTexts = {
  municipality: (name) => `Municipality: ${name}`,
  site: (code) => `PPE ${code} only`,
  hint: 'A part of the region is shown: what this account may see',
};

export function useScopeTexts(): ScopeTexts {
  return useWords().language === 'ru' ? ru : en;
}
