import { createContext, useContext } from 'react';
import { ruNames, type DomainNames, type Language } from '@ppe-pulse/protocol/texts';
import type { English } from './english.ts';
import type { PageTexts, Plural } from './page-texts.ts';
import { ru } from './ru.ts';

/** Everything that a page needs to speak a language. */
export interface Words {
  readonly language: Language;
  readonly page: PageTexts;
  readonly domain: DomainNames;
  /** English of the parts that come first, null in another language: they hold only their Russian. */
  readonly english: English | null;
  /** `3 рабочих места`. */
  readonly count: (count: number, noun: Plural) => string;
  /** `1 240`. */
  readonly number: (value: number) => string;
}

/** What makes the words of a language. */
export type Dictionary = Pick<Words, 'language' | 'page' | 'domain' | 'english'>;

export const russian: Dictionary = { language: 'ru', page: ru, domain: ruNames, english: null };

/**
 * Words by a dictionary. Formatters are made once, and no sooner than the first text asks: to make them is
 * most of what a page does before it opens its line.
 */
export function wordsFrom(dictionary: Dictionary): Words {
  const rules = once(() => new Intl.PluralRules(dictionary.language));
  const numbers = once(() => new Intl.NumberFormat(dictionary.language));
  return {
    ...dictionary,
    count: (count, noun) => `${numbers().format(count)} ${pluralOf(noun, rules().select(count))}`,
    number: (value) => numbers().format(value),
  };
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

export const WordsContext = createContext<Words>(wordsFrom(russian));

export function useWords(): Words {
  return useContext(WordsContext);
}

/** Text of a reason token, the token itself for one of a newer collector. */
export function reasonText(words: Words, reason: string): string {
  return ownText(words.domain.reasons, reason) ?? reason;
}

/** The text of a token from the wire; `toString` and the like are no tokens of ours. */
export function ownText(
  texts: Readonly<Record<string, string>>,
  token: string,
): string | undefined {
  return Object.hasOwn(texts, token) ? texts[token] : undefined;
}

function pluralOf(noun: Plural, rule: Intl.LDMLPluralRule): string {
  return rule === 'one' || rule === 'few' || rule === 'many' ? noun[rule] : noun.other;
}
