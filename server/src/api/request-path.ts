/** Paths of ours are a tenth of it. */
const PATH_MAX = 1_024;
const URL_MAX = 8_192;
/** The longest name that file systems take; beyond it they answer with an error of their own. */
const SEGMENT_MAX = 255;
/** Encoded: slash, backslash, NUL and the other control characters. */
const HIDDEN = /%(?:2f|5c|[01][0-9a-f]|7f)/i;
const DOTS = /^(?:\.|%2e){1,2}$/i;

/**
 * What is wrong with the way a path is written; undefined for nothing. One resource has one spelling:
 * whatever stands before this collector, or reads its log, sees the path that is checked here.
 */
export function oddPath(url: string): string | undefined {
  if (url.length > URL_MAX) return 'is too long';
  if (!url.startsWith('/')) return 'does not start with a slash';
  // Browsers keep the fragment to themselves.
  if (url.includes('#')) return 'holds a fragment';
  const path = url.split('?', 1)[0] ?? '';
  if (path.length > PATH_MAX) return 'is too long';
  if (/[^\x21-\x7e]/.test(path) || path.includes('\\'))
    return 'holds characters that must be encoded';
  if (HIDDEN.test(path)) return 'hides a slash or a control character';
  const segments = path.slice(1).split('/');
  if (segments.slice(0, -1).includes('')) return 'has an empty part';
  if (segments.some((each) => DOTS.test(each))) return 'leaves its folder';
  return segments.some((each) => each.length > SEGMENT_MAX)
    ? 'has a part that is too long'
    : undefined;
}
