import type { AccountTexts } from './account-texts.ts';

export const accountEn: AccountTexts = {
  title: 'My account',
  nobody: 'Nobody is signed in in this browser',
  who: 'Who is here',
  account: 'Account',
  role: 'Role',
  scope: 'What may be seen',
  wholeRegion: 'the whole region',
  until: 'Signed in until',
  screen: 'Screen',
  signOut: 'Sign out',
  signOutEverywhere: 'Sign out on all devices',
  signOutEverywhereReally: 'Sign out everywhere, really',
  everywhereHint:
    'If you are still signed in on a computer of others: ends every session of this account, this one too.',
  password: 'Password',
  noPassword: 'There is no password yet: without one only a new link lets in again. Set it.',
  passwordSaved: 'The password is changed. Other sessions of this account are ended',
  oidcHint: 'Another system may sign you in as well.',
  totp: 'Sign-in with a code',
  totpOff: 'Off: the password is enough. An administrator had better turn it on.',
  totpOn: 'On: a code of the app is asked for beside the password.',
  totpTurnOff: 'Turn off',
  totpTurnOffCode: 'Code of the app, to turn it off',
  leave: 'The new password is not saved. Leave the page?',
};
