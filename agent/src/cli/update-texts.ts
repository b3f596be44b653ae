import type { RollbackReason, UpdateRefusal, UpdateState } from '@ppe-pulse/protocol/update';

/** Why an update was not taken, and what to do. */
export const refusalTexts: Readonly<Record<UpdateRefusal, string>> = {
  badManifest: 'это не файл обновления или он повреждён / no update file, or a damaged one',
  otherProduct: 'обновление другой программы / an update of another program',
  unknownKey:
    'подписано ключом, которому этот агент не доверяет / signed by a key that is not believed here',
  sameKeyTwice: 'подписано одним ключом дважды / signed by one key twice',
  tampered:
    'файл изменён или повреждён: скопируйте его снова / changed or damaged: copy the file again',
  tooFewSignatures: 'не хватает подписей / too few signatures',
  expired: 'срок обновления истёк: возьмите новое / out of date: take a newer one',
  downgrade: 'эта или более новая версия уже стоит / this version or a newer one is here already',
  knownBad:
    'эту версию здесь уже пробовали, она не заработала / tried here before, and it did not work',
  runtimeTooOld:
    'нужна более новая среда: установите агент заново / the runtime is too old: install the agent anew',
  frozen: 'идёт репетиция: обновите после неё / a rehearsal is on: update after it',
  noSpace: 'на диске нет места / no space on the disk',
};

/** Why a version was taken back. */
export const rollbackTexts: Readonly<Record<RollbackReason, string>> = {
  crashed: 'новая версия не запустилась / it did not start',
  notConnected: 'новая версия не связалась с коллектором / it did not connect',
  selfTestFailed: 'новая версия не прошла самопроверку / it did not pass its self-test',
  tampered: 'файл версии повреждён / its file is damaged',
};

/** How the last update stands. */
export const stateTexts: Readonly<Record<UpdateState, string>> = {
  fetching: 'загружается / being fetched',
  staged: 'готово к запуску / ready to be started',
  trial: 'проверяется / on trial',
  confirmed: 'работает / confirmed',
  rolledBack: 'отменено, вернулась прежняя версия / taken back, the old version runs',
  refused: 'не принято / refused',
};

/** The words for a reason of either kind; its token where a newer version wrote it. */
export function reasonText(reason: string): string {
  const texts: Readonly<Partial<Record<string, string>>> = { ...refusalTexts, ...rollbackTexts };
  return texts[reason] ?? reason;
}
