import { regionTexts, type RegionTexts } from '@ppe-pulse/protocol/texts';
import { ownText, useWords, type Words } from '../text/texts.ts';
import { registryEn } from './registry-en.ts';
import { registryRu } from './registry-ru.ts';
import type { RegistryTexts } from './registry-texts.ts';

/** Words of the registry's page beside those of every page. */
export interface RegistryWords extends Words {
  readonly own: RegistryTexts;
  /** What is wrong with files. */
  readonly region: RegionTexts;
}

/** They come with the page. */
export function useRegistryWords(): RegistryWords {
  const words = useWords();
  const own = words.language === 'ru' ? registryRu : registryEn;
  return { ...words, own, region: regionTexts(words.language) };
}

/** Why something did not work: the page's own sentence, or else the collector's. */
export function refusalText(
  { own }: RegistryWords,
  { reason, detail }: { readonly reason: string; readonly detail: string },
): string {
  return own.failed(ownText(own.refusals, reason) ?? (detail || own.noAnswer));
}

const BITS = 8;
const MBIT = 1_000_000;

/** `100` Мбит/с of bytes a second, as a language writes numbers. */
export function mbitText(words: RegistryWords, bytesPerSecond: number): string {
  return words.own.mbit(words.number((bytesPerSecond * BITS) / MBIT));
}
