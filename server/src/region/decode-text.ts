import { RefusedFile } from './remarks.ts';

/**
 * The text of a CSV file: by its mark of order, else UTF-8 when it is that without an error, else
 * Windows-1251. Text in Windows-1251 with Cyrillic in it is practically never valid UTF-8.
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes.includes(0)) throw new RefusedFile('unknownFormat');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1251').decode(bytes);
  }
}
