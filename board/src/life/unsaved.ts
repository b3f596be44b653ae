/** Fields that hold text; a search is written again in a second. */
const TEXT_FIELDS =
  'textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=range], [type=search])';

/**
 * True while the cursor is in a text that somebody has begun, or a part says that it has one: no page is
 * turned away from under it. A field that holds nothing stops nothing: a wall hangs for days.
 */
export function isTextBegun(page: Document): boolean {
  const focused = page.activeElement;
  const isBegun =
    focused !== null &&
    focused.matches(TEXT_FIELDS) &&
    !focused.matches('select') &&
    (focused as HTMLInputElement).value !== '';
  return isBegun || page.querySelector('dialog[open], [data-unsaved]') !== null;
}

/**
 * True while a reload would lose what somebody writes: the cursor is in a field, a dialog is open, a
 * form's field holds text, or a part of the page says so with `data-unsaved`.
 */
export function isSomebodyWriting(page: Document): boolean {
  const focused = page.activeElement;
  if (focused?.matches(`${TEXT_FIELDS}, [contenteditable=true]`)) return true;
  if (page.querySelector('dialog[open], [data-unsaved]')) return true;
  return [
    ...page.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
      'form textarea, form input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=range], [type=search], [type=hidden])',
    ),
  ].some((field) => field.value !== '');
}
