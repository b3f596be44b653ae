/** Words of the page of one's own account. */
export interface AccountTexts {
  readonly title: string;
  readonly nobody: string;
  readonly who: string;
  readonly account: string;
  readonly role: string;
  readonly scope: string;
  readonly wholeRegion: string;
  readonly until: string;
  readonly screen: string;
  readonly signOut: string;
  readonly signOutEverywhere: string;
  readonly signOutEverywhereReally: string;
  readonly everywhereHint: string;
  readonly password: string;
  readonly noPassword: string;
  readonly passwordSaved: string;
  readonly oidcHint: string;
  readonly totp: string;
  readonly totpOff: string;
  readonly totpOn: string;
  readonly totpTurnOff: string;
  readonly totpTurnOffCode: string;
  readonly leave: string;
}
