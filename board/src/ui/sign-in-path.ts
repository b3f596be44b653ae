/** Where people sign in: the one page that needs nobody signed in. */
export const SIGN_IN_PATH = '/sign-in';

/** The way to the sign-in that comes back to this page. */
export function signInHref({ pathname, search }: Location): string {
  return `${SIGN_IN_PATH}?from=${encodeURIComponent(pathname + search)}`;
}
