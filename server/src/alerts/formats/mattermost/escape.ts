/** Behind an @ it is seen by nobody, and keeps the word from being a mention. */
const ZERO_WIDTH_SPACE = '\u200B';
/** Markup of Markdown; an address keeps its signs, since nothing in it is markup. */
const MARKUP = /https?:\/\/\S+|[\\`*_[\]~|#]/g;

/**
 * Text as text: nothing of it is markup or a mention. Angle brackets become entities because Mattermost
 * reads Slack's `<!channel>` before it reads Markdown.
 */
export function escapeMattermost(text: string): string {
  return text
    .replaceAll(MARKUP, (found) => (found.length > 1 ? found : `\\${found}`))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', `@${ZERO_WIDTH_SPACE}`);
}
