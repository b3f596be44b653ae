import { cpus, loadavg } from 'node:os';
import type { Noted } from './test-record.ts';

/** What the steps of the record are called for people; a step that is not here is not on the page. */
const titles: readonly (readonly [string, string, string])[] = [
  ['made', 'Собрано', 'Made'],
  ['collector', 'Коллектор ситуационного центра', 'The collector of the situation centre'],
  ['flash drive', 'На флешке', 'On the flash drive'],
  ['install.sh --role hq', 'ПК Штаба, с реле', 'The PC of the Штаб, with the relay'],
  ['the PC', 'ПК аудитории', 'The PC of the room'],
  ['Node on it', 'Node на нём', 'Node on it'],
  ['its way to', 'Прямой путь к коллектору', 'Its own way to the collector'],
  ['its network', 'Его сеть', 'Its network'],
  ['files before', 'Файлов до установки', 'Files before'],
  ['install.sh --room', 'ПК аудитории: установка', 'The PC of the room: installed'],
  ['files added', 'Что добавила установка', 'What the installation added'],
  ['GET /api/', 'Что о нём говорит коллектор', 'What the collector says of it'],
  ['update add', 'Обновление: принято', 'Update: taken'],
  ['roll-out', 'Обновление: раскатка на ППЭ', 'Update: rolled out to the ППЭ'],
  ['ppe-agent update', 'Обновление: что говорит ПК', 'Update: what the PC says'],
  ['update list', 'Обновление: что говорит коллектор', 'Update: what the collector says'],
  ['dpkg --purge', 'Удаление', 'Removal'],
  ['files after', 'Файлов после удаления', 'Files after'],
  ['powered off', 'ПК выключен', 'The PC is off'],
];

/** The record of a run as a page of docs: written by the test, never by hand. */
export function recordedRunPage(steps: readonly Noted[], at: Date): string {
  const shown = steps.flatMap((step) => {
    const title = titles.find(([begins]) => step.step.startsWith(begins));
    return title === undefined ? [] : [{ ...step, ru: title[1], en: title[2] }];
  });
  const rows = shown.map(({ atSeconds, ru, en }) => `| ${atSeconds.toFixed(0)} | ${ru} | ${en} |`);
  const parts = shown.map(({ step, said, ru, en }) =>
    ['', `## ${ru} · ${en}`, '', '```text', `# ${step}`, said.trim(), '```'].join('\n'),
  );
  return `${[...head(at), ...rows, ...parts].join('\n')}\n`;
}

function head(at: Date): string[] {
  const busy = (loadavg()[0] ?? 0).toFixed(1);
  const cores = cpus().length;
  return [
    '# Запись прогона: от флешки до чистого ПК · A recorded run: from the flash drive to a clean PC',
    '',
    'Эту страницу пишет тест, руками её не правят. Настоящий systemd, два ПК без Node и без Интернета, ' +
      'ПК аудитории видит только сеть своего ППЭ: флешка → установка → регистрация → сообщения через ' +
      'реле Штаба → обновление → удаление. Время по шагам печатает сам `install.sh`, норма 300 с на ПК. ' +
      `Записано ${at.toISOString().slice(0, 10)}, машина: ${cores} ядра, средняя нагрузка ${busy}.`,
    '',
    'The test writes this page; nobody edits it. A real systemd, two PCs without Node and without the ' +
      'Internet; the PC of the room sees the LAN of its ППЭ only. `install.sh` itself prints the time of ' +
      'each step; the norm is 300 s a PC. ' +
      `Recorded ${at.toISOString().slice(0, 10)} on ${cores} cores at a load of ${busy}.`,
    '',
    '```sh',
    'PPE_PULSE_TEST_FULL=1 UPDATE_DOCS=1 npx vitest run test/full/recorded-run.test.ts',
    '```',
    '',
    '| с / s | шаг | step |',
    '| ----- | --- | ---- |',
  ];
}
