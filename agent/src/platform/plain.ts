import { idPatterns } from '@ppe-pulse/protocol';

/** Text as the wire allows it: ASCII without path separators, 80 characters. */
export function plain(text: string): string {
  const kept = text
    .replaceAll(/[^A-Za-z0-9 ._:%()+@,-]/g, ' ')
    .replaceAll(/ +/g, ' ')
    .trim();
  const cut = kept.slice(0, 80);
  return new RegExp(idPatterns.plainText).test(cut) ? cut : '';
}
