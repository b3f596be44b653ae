import { languages, type Language } from '@ppe-pulse/protocol/texts';
import { UsageError } from './world.ts';

/** The language of `--lang`, Russian without one. Throws a `UsageError` for another. */
export function languageOf(lang: string | undefined): Language {
  const found = languages.find((each) => each === (lang ?? 'ru'));
  if (found) return found;
  throw new UsageError(`--lang is one of ${languages.join(', ')}`);
}
