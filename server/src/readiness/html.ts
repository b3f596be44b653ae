/** Markup that is known to be whole; everything else is text and is escaped on its way in. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Insertable = string | number | Html | readonly Html[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * A piece of a page: html`<td>${name}</td>`. Values are escaped, so that no name from a registry can
 * become markup; attributes must be quoted.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Insertable[]): Html {
  return new Html(parts.reduce((whole, part, at) => whole + textOf(values[at - 1] ?? '') + part));
}

/** Markup of this product's own, from a constant. */
export function trusted(text: string): Html {
  return new Html(text);
}

function textOf(value: Insertable): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return String(value).replaceAll(/[&<>"']/g, (found) => escapes[found] ?? '');
}
