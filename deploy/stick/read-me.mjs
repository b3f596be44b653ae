import { escaped, screenSvg } from './screen.mjs';

const style = `
@page { size: A4 portrait; margin: 12mm; }
body { margin: 0 auto; max-width: 186mm; color: #111; background: #fff;
  font: 11pt/1.35 'PT Sans', 'Segoe UI', 'DejaVu Sans', Arial, sans-serif; }
h1 { font-size: 18pt; margin: 0 0 4mm; }
ol { font-size: 13pt; padding-left: 8mm; margin: 0 0 4mm; }
li { margin-bottom: 2mm; }
figure { margin: 0 0 4mm; break-inside: avoid; }
figcaption { color: #444; font-size: 9.5pt; margin-bottom: 1mm; }
svg { width: 100%; max-height: 104mm; }
figure:first-of-type svg { max-height: 52mm; }
td { padding: 0.5mm 3mm 0.5mm 0; vertical-align: top; font-size: 9.5pt; }
`;

const rows = [
  [
    'НЕ ГОТОВО: …ждёт ответа из Штаба',
    'отнесите флешку в Штаб, запустите install там, потом снова здесь',
  ],
  ['место уже занято', 'позвоните в ситуационный центр и продиктуйте номер этого ПК (w-…)'],
  ['там не наш коллектор', 'не продолжайте, сообщите координатору'],
  [
    'антивирус не дал установить',
    'попросите школьного администратора: исключение для папки C:\\Program Files\\PPE-Pulse',
  ],
];

/**
 * The page that lies on the drive: two lines, two pictures, what to do otherwise; one sheet of paper.
 * `folder` is the list of what is on the drive, `screen` what a real run showed.
 */
export function readMe({ folder, screen, version }) {
  return `<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>ППЭ·Пульс: прочти меня</title>
<style>${style}</style></head><body>
<h1>ППЭ·Пульс на этот компьютер: 5 минут</h1>
<ol>
<li>Windows: правой кнопкой по <b>install.cmd</b>, «Запуск от имени администратора». Linux: <b>sudo sh install.sh</b>.</li>
<li>Дождитесь слова <b>ГОТОВО</b>, заберите флешку. Другое слово: сделайте, что написано, и запустите ещё раз.</li>
</ol>
<figure><figcaption>На флешке (файл регистрации ….enrolment.json вашего ППЭ лежит рядом с install):</figcaption>
${screenSvg(folder, 'Папка флешки')}</figure>
<figure><figcaption>${captionOf(screen)}</figcaption>
${screenSvg(screen, 'Экран установки')}</figure>
<table>${rows.map(([seen, act]) => `<tr><td><b>${escaped(seen)}</b></td><td>${escaped(act)}</td></tr>`).join('\n')}</table>
<p>Начните со Штаба. Лист готовности «Готовность-….html» остаётся на флешке. Интернет для установки не нужен. Версия ${escaped(version)}.</p>
</body></html>
`;
}

/** A picture of a run that found something teaches as much, as long as it says what to wait for. */
function captionOf(screen) {
  const taken = 'Снято с настоящего запуска.';
  return /^ГОТОВО/m.test(screen)
    ? `${taken} Так выглядит конец установки:`
    : `${taken} Здесь ПК ещё не готов: строки [FAIL] и [ ?? ] говорят почему. Нужно слово ГОТОВО:`;
}
