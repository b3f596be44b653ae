import { domainTexts, type Language } from '@ppe-pulse/protocol/texts';
import type { EnrolmentPlace } from '@ppe-pulse/protocol/enrolment';
import type { StickRequest } from '../enrolment/stick-requests.ts';
import type { CredentialFault } from '../enrolment/take-credential.ts';

/** Everything that `enroll` says to a person. */
interface EnrollTexts {
  readonly fileFaults: Readonly<Record<CredentialFault, string>>;
  readonly credentialFaults: Readonly<Record<CredentialFault, string>>;
  /** By the problem's kind that the collector or the relay answered. */
  readonly refusals: Readonly<Record<string, string>>;
  /** By what the situation centre tells this PC from another one that asks for its place. */
  readonly ownId: (agentId: string) => string;
  readonly otherRefusal: (status: number, kind: string) => string;
  readonly unreadable: (path: string, code: string) => string;
  readonly otherCollector: (known: string, named: string) => string;
  readonly noSuchPlace: (places: string) => string;
  readonly choosePlace: (places: string) => string;
  readonly chooseNumber: (count: number) => string;
  readonly noAnswer: (addresses: string) => string;
  readonly badCertificate: (address: string, code: string) => string;
  readonly requestWritten: (path: string) => string;
  readonly requestExists: (path: string) => string;
  readonly place: (place: PlaceWords) => string;
  readonly enrolled: (agentId: string, place: string, until: string) => string;
  readonly pending: (agentId: string, place: string) => string;
  readonly restart: string;
  readonly stick: Readonly<Record<StickRequest['outcome'], string>>;
}

/** Where a workstation stands. */
type PlaceWords = Pick<EnrolmentPlace, 'roomCode' | 'role' | 'duty'> & { readonly number?: number };

const ru: EnrollTexts = {
  fileFaults: {
    tooBig: 'это не файл регистрации: он слишком большой',
    notJson: 'файл регистрации обрезан или это другой файл: скопируйте его на флешку заново',
    otherFormat: 'это не файл регистрации ППЭ: возьмите файл ppe-….enrolment.json',
    newerFormat: 'файл создан более новой версией: обновите агент',
    badSignature: 'файл регистрации повреждён или изменён: запросите его заново у координатора',
    wrongShape: 'файл регистрации повреждён: запросите его заново у координатора',
    otherKey: 'файл не для этого компьютера',
    unknownRelay: 'ретранслятор Штаба неизвестен',
  },
  credentialFaults: {
    tooBig: 'ответ слишком велик: это не свидетельство рабочего места',
    notJson: 'свидетельство обрезано или это другой файл: принесите его с флешки заново',
    otherFormat: 'это не свидетельство рабочего места: нужен файл ….credential.json',
    newerFormat: 'свидетельство создано более новой версией: обновите агент',
    badSignature: 'свидетельство подписано не тем коллектором или повреждено: ему нельзя доверять',
    wrongShape: 'свидетельство повреждено: запросите его ещё раз',
    otherKey: 'свидетельство выдано другому компьютеру: возьмите то, что сделано по запросу этого',
    unknownRelay:
      'коллектор не знает ретранслятора, который ответил: сначала зарегистрируйте Штаб этого ППЭ',
  },
  refusals: {
    unknownCode: 'коллектор не знает этого кода: запросите новый файл у координатора',
    otherCollector: 'файл другого коллектора: возьмите файл своего региона',
    otherSite: 'файл другого ППЭ: возьмите файл этого ППЭ',
    badSignature: 'запрос повреждён: повторите команду',
    tooEarly: 'срок файла ещё не начался (по часам коллектора): повторите в дни подготовки',
    tooLate: 'срок файла истёк (по часам коллектора): запросите новый файл у координатора',
    codeReplaced: 'для этого места выпущен новый код: возьмите новый файл',
    codeRevoked: 'регистрация этого места отозвана: запросите новый код у координатора',
    rejected: 'ситуационный центр отказал этому компьютеру: запросите новый код',
    codeUsed:
      'место уже занято другим компьютером, или другой его ждёт. Ситуационный центр видит этот запрос: позвоните туда, после одобрения повторите команду',
    tooManyAsk:
      'этого места просят слишком многие, этот компьютер центру не показан: позвоните туда, пусть ответят остальным, и повторите команду',
    placeTaken: 'место занято другим компьютером',
    tooManyRequests: 'слишком много запросов подряд: подождите минуту и повторите',
    noUplink:
      'у Штаба сейчас нет связи с коллектором: повторите позже или возьмите флешку (--request)',
    notARelay: 'по этому адресу нет ретранслятора Штаба: проверьте адрес --through',
  },
  ownId: (agentId) =>
    `номер этого компьютера ${agentId}: продиктуйте его по телефону, одобряют именно этот номер`,
  otherRefusal: (status, kind) =>
    `коллектор ответил отказом (${status}${kind === '' ? '' : `, ${kind}`}): сообщите об этом координатору`,
  unreadable: (path, code) => `${path}: файл не читается (${code}): проверьте флешку и путь`,
  otherCollector: (known, named) =>
    `этот компьютер зарегистрирован у коллектора ${known}, а файл — от ${named}. Если так и надо, повторите с --new-key`,
  noSuchPlace: (places) => `такого места в файле нет. В файле: ${places}`,
  choosePlace: (places) => `укажите место: --room, --role, --duty. В файле: ${places}`,
  chooseNumber: (count) =>
    `в аудитории ${count} одинаковых мест: для запроса на флешке укажите номер, --number`,
  noAnswer: (addresses) =>
    `никто не отвечает: ${addresses}. Проверьте сеть; без сети сделайте запрос на флешку (--request), в сети ППЭ идите через Штаб (--through)`,
  badCertificate: (address, code) =>
    `${address}: там не наш коллектор (${code}). Не продолжайте и сообщите координатору`,
  requestWritten: (path) =>
    `Запрос записан: ${path}. Отнесите флешку в Штаб (ppe-agent import) или координатору, затем: ppe-agent enroll ФАЙЛ --credential СВИДЕТЕЛЬСТВО`,
  requestExists: (path) => `${path}: такой файл уже есть и не записывается: проверьте флешку`,
  place: ({ roomCode, role, duty, number }) =>
    `аудитория ${roomCode}, ${domainTexts('ru').roles[role]} (${role}), ${duty === 'main' ? 'основное' : 'резервное'} (${duty})${number === undefined ? '' : `, № ${number}`}`,
  enrolled: (agentId, place, until) =>
    `Зарегистрировано: ${agentId}, ${place}. Действует до ${until}`,
  pending: (agentId, place) =>
    `Запрос принят: ${agentId}, ${place}. Ждёт одобрения ситуационного центра: позвоните туда и продиктуйте номер этого ПК, одобряют именно его`,
  stick: {
    credential: 'свидетельство записано на флешку: отнесите её обратно к компьютеру',
    refused: 'НЕ ПРИНЯТО',
    noLine: 'НЕ ПРИНЯТО: нет связи с коллектором, повторите позже',
    damaged: 'НЕ ПРИНЯТО: файл запроса повреждён, сделайте его заново',
    strange:
      'НЕ ПРИНЯТО: под именем запроса лежит ссылка, канал или папка, а не файл: проверьте, чья это флешка',
    unwritten: 'свидетельство не записано: проверьте флешку',
  },
  restart: 'Служба агента работает: перезапустите её',
};

const en: EnrollTexts = {
  fileFaults: {
    tooBig: 'this is no enrolment file: it is too big',
    notJson: 'the enrolment file is cut off, or another file: copy it to the flash drive again',
    otherFormat: 'this is no enrolment file of a ППЭ: take ppe-….enrolment.json',
    newerFormat: 'the file was made by a newer version: update the agent',
    badSignature: 'the enrolment file is damaged or was altered: ask the coordinator for it again',
    wrongShape: 'the enrolment file is damaged: ask the coordinator for it again',
    otherKey: 'the file is not for this PC',
    unknownRelay: 'the relay of the HQ is not known',
  },
  credentialFaults: {
    tooBig: 'the answer is too big: it is no credential',
    notJson: 'the credential is cut off, or another file: bring it from the drive again',
    otherFormat: 'this is no credential of a workstation: it is the file ….credential.json',
    newerFormat: 'the credential was made by a newer version: update the agent',
    badSignature: 'the credential is signed by another collector, or damaged: do not trust it',
    wrongShape: 'the credential is damaged: ask for it again',
    otherKey: 'the credential is of another PC: take the one made from the request of this one',
    unknownRelay:
      'the collector does not know the relay that answered: enrol the HQ of this ППЭ first',
  },
  refusals: {
    unknownCode: 'the collector gave no such code: ask the coordinator for a new file',
    otherCollector: 'the file is of another collector: take the one of your region',
    otherSite: 'the file is of another ППЭ: take the one of this ППЭ',
    badSignature: 'the request is damaged: run the command again',
    tooEarly: "the file is not valid yet by the collector's clock: try on the days of preparation",
    tooLate: "the file is no longer valid by the collector's clock: ask for a new one",
    codeReplaced: 'a newer code was made for this place: take the newer file',
    codeRevoked: 'the enrolment of this place was taken back: ask the coordinator for a new code',
    rejected: 'the situation centre did not let this PC in: ask for a new code',
    codeUsed:
      'another PC has this place already, or waits for it. The situation centre is shown this request: call it, and run the command again once it is approved',
    tooManyAsk:
      'too many PCs ask for this place, the situation centre is not shown this one: call it to answer the others, and run the command again',
    placeTaken: 'another PC has this place',
    tooManyRequests: 'too many requests in a row: wait a minute and try again',
    noUplink:
      'the HQ has no line to the collector now: try later, or take a flash drive (--request)',
    notARelay: 'there is no relay of an HQ at this address: check --through',
  },
  ownId: (agentId) =>
    `the id of this PC is ${agentId}: read it out on the phone, that very id is approved`,
  otherRefusal: (status, kind) =>
    `the collector refused (${status}${kind === '' ? '' : `, ${kind}`}): tell the coordinator`,
  unreadable: (path, code) => `${path}: cannot be read (${code}): check the drive and the path`,
  otherCollector: (known, named) =>
    `this PC is enrolled at collector ${known}, the file is of ${named}. If that is right, add --new-key`,
  noSuchPlace: (places) => `the file has no such place. It has: ${places}`,
  choosePlace: (places) => `name the place: --room, --role, --duty. The file has: ${places}`,
  chooseNumber: (count) =>
    `the room has ${count} equal places: a request by flash drive needs its number, --number`,
  noAnswer: (addresses) =>
    `nobody answers: ${addresses}. Check the network; without one write a request to a flash drive (--request), inside a ППЭ go through its HQ (--through)`,
  badCertificate: (address, code) =>
    `${address}: this is not our collector (${code}). Do not go on, and tell the coordinator`,
  requestWritten: (path) =>
    `The request is written: ${path}. Take the drive to the HQ (ppe-agent import) or to the coordinator, then: ppe-agent enroll FILE --credential CREDENTIAL`,
  requestExists: (path) => `${path}: is there already and cannot be written: check the drive`,
  place: ({ roomCode, role, duty, number }) =>
    `room ${roomCode}, ${domainTexts('en').roles[role]} (${role}), ${duty === 'main' ? 'main' : 'reserve'}${number === undefined ? '' : `, no. ${number}`}`,
  enrolled: (agentId, place, until) => `Enrolled: ${agentId}, ${place}. Valid until ${until}`,
  pending: (agentId, place) =>
    `The request is taken: ${agentId}, ${place}. The situation centre must let it in: call it and read out the id of this PC, that very id is approved`,
  stick: {
    credential: 'the credential is on the drive: take it back to its PC',
    refused: 'NOT TAKEN',
    noLine: 'NOT TAKEN: there is no line to the collector, try later',
    damaged: 'NOT TAKEN: the request is damaged, make it again',
    strange:
      'NOT TAKEN: a link, a pipe or a folder bears the name of a request: check whose drive this is',
    unwritten: 'the credential is not written: check the drive',
  },
  restart: 'The service of the agent is running: restart it',
};

/** The words of one language. */
export function enrollTexts(language: Language): EnrollTexts {
  return language === 'ru' ? ru : en;
}

/** What became of one request of a stick. */
export function stickLine({ file, outcome, detail }: StickRequest, language: Language): string {
  const texts = enrollTexts(language);
  const why = outcome === 'refused' ? `: ${texts.refusals[detail] ?? detail}` : '';
  return `${file}: ${texts.stick[outcome]}${why}`;
}
