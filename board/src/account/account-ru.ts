import type { AccountTexts } from './account-texts.ts';

export const accountRu: AccountTexts = {
  title: 'Моя учётная запись',
  nobody: 'В этом браузере никто не вошёл',
  who: 'Кто здесь',
  account: 'Учётная запись',
  role: 'Роль',
  scope: 'Что доступно',
  wholeRegion: 'весь регион',
  until: 'Вход действует до',
  screen: 'Экран',
  signOut: 'Выйти',
  signOutEverywhere: 'Выйти на всех устройствах',
  signOutEverywhereReally: 'Точно выйти везде',
  everywhereHint:
    'Если вход остался на чужом компьютере: закроет все входы этой записи, этот тоже.',
  password: 'Пароль',
  passwordSaved: 'Пароль изменён. Остальные входы этой записи закрыты',
  oidcHint: 'Можно входить и через внешнюю систему.',
  totp: 'Вход с кодом',
  totpOff: 'Выключен: для входа хватает пароля. Администратору лучше включить.',
  totpOn: 'Включён: кроме пароля спрашивается код из приложения.',
  totpTurnOff: 'Выключить',
  totpTurnOffCode: 'Код из приложения, чтобы выключить',
  leave: 'Новый пароль не сохранён. Уйти со страницы?',
};
