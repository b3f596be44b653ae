import type { RegionProblem, RegionWarning } from '@ppe-pulse/protocol';
import type { RegistryWords } from './use-registry-words.ts';

/** What is wrong and what to do, without the place: that stands in columns of its own. */
export function remarkText(
  { region, own }: RegistryWords,
  { code, found, expected }: RegionProblem | RegionWarning,
): string {
  const sentences: Readonly<Record<string, string>> = { ...region.problems, ...region.warnings };
  const sentence = (sentences[code] ?? code)
    .replace('{found}', () => found)
    .replace('{expected}', () => expected);
  const isGuess = code === 'unknownColumn' && expected !== '';
  return isGuess ? `${sentence}; ${own.didYouMean(expected)}` : sentence;
}
