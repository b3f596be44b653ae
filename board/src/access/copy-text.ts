/**
 * Copies what a field holds; false where the browser does not let pages do that. The field is selected
 * either way: whoever copies by hand need not aim.
 */
export async function copyFrom(field: HTMLInputElement): Promise<boolean> {
  field.focus();
  field.select();
  try {
    // Missing on pages without TLS, whatever the types say.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard) await clipboard.writeText(field.value);
    else return document.execCommand('copy');
    return true;
  } catch {
    return false;
  }
}
