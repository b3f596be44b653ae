import {
  AWAY_AFTER_MS,
  BLIND_AFTER_MS,
  CLONE_CHECK,
  HEARTBEAT_CHECK,
  alertRuleOf,
  checkIds,
  phases,
  reasons,
  type AlertRule,
  type Reason,
} from '@ppe-pulse/protocol';
import {
  adviceFor,
  domainTexts,
  incidentTexts,
  languages,
  type Language,
} from '@ppe-pulse/protocol/texts';
import {
  OUTAGE_ANNULS_MS,
  OUTAGE_CRITICAL_MS,
  severityOf,
} from '../../protocol/src/incidents/severity.ts';

/** What must have a heading in `docs/alerts.md`. */
export const documentedKinds: readonly string[] = [
  HEARTBEAT_CHECK,
  CLONE_CHECK,
  ...checkIds,
  'collector.line',
  'collector.store',
];

/** What calls nobody to anything: it needs no explanation. */
const faultless: ReadonlySet<Reason> = new Set(['ok', 'isolatedByPlan', 'notInvolved']);
/** The section of reasons that any check may give. */
const COMMON = 'Any rule';
const headings: Readonly<Record<Language, string>> = { ru: '### По-русски', en: '### English' };
const parts: Readonly<Record<Language, readonly string[]>> = {
  ru: ['**Что это значит.** ', '**Когда врёт.** ', '**Что делать в ППЭ.** '],
  en: ['**What it means.** ', '**When it lies.** ', '**What to do in the ППЭ.** '],
};
/** A part that is shorter than this explains nothing. */
const SHORTEST_PART = 30;

/** One rule as the page explains it. */
interface Section {
  /** Id of a check, or `COMMON`. */
  readonly kind: string;
  readonly texts: Readonly<Record<Language, string>>;
}

/** The page with everything that comes from the code written anew. */
export function renderAlertDocs(page: string): string {
  let kind = '';
  let language: Language = 'ru';
  const lines = page.split('\n').map((line) => {
    if (line.startsWith('## ')) {
      kind = kindOf(line) ?? '';
      return kindOf(line) === undefined ? line : headingOf(kind);
    }
    language = languages.find((each) => headings[each] === line) ?? language;
    const reason = reasonOf(line);
    return reason === undefined ? line : reasonLine(kind, reason, language);
  });
  return lines
    .join('\n')
    .replace(/(<!-- numbers -->\n)[\s\S]*(<!-- \/numbers -->)/, `$1\n${numbers()}\n\n$2`);
}

/** What the page lacks, or has too much of; each in words. */
export function problemsOf(page: string): string[] {
  const sections = sectionsOf(page);
  const kinds = sections.map(({ kind }) => kind).filter((kind) => kind !== COMMON);
  return [
    ...documentedKinds.filter((kind) => !kinds.includes(kind)).map((kind) => `no heading: ${kind}`),
    ...kinds.filter((kind) => !documentedKinds.includes(kind)).map((kind) => `no rule: ${kind}`),
    ...kinds.filter((kind, at) => kinds.indexOf(kind) !== at).map((kind) => `twice: ${kind}`),
    ...sections.flatMap(problemsOfSection),
    ...languages.flatMap((language) => {
      const explained = new Set(sections.flatMap((each) => reasonsIn(each.texts[language])));
      return reasons
        .filter((reason) => !faultless.has(reason) && !explained.has(reason))
        .map((reason) => `${language}: nobody explains ${reason}`);
    }),
  ];
}

/** Reasons that the page lists for a check, those of any rule among them. */
export function explainedFor(page: string, kind: string): ReadonlySet<string> {
  const sections = sectionsOf(page).filter((each) => each.kind === kind || each.kind === COMMON);
  return new Set(sections.flatMap(({ texts }) => reasonsIn(texts.ru)));
}

function problemsOfSection({ kind, texts }: Section): string[] {
  const known: readonly string[] = reasons;
  const listed = reasonsIn(texts.ru);
  const problems = languages.flatMap((language) => [
    ...(kind === COMMON ? [] : parts[language])
      .filter((part) => lengthAfter(texts[language], part) < SHORTEST_PART)
      .map((part) => `${kind}: ${language} says nothing after ${part.trim()}`),
    ...(reasonsIn(texts[language]).length > 0 ? [] : [`${kind}: no reasons in ${language}`]),
    ...reasonsIn(texts[language])
      .filter((reason) => !known.includes(reason))
      .map((reason) => `${kind}: no such reason as ${reason}`),
  ]);
  const isSame = listed.join(' ') === reasonsIn(texts.en).join(' ');
  return isSame ? problems : [...problems, `${kind}: other reasons in English than in Russian`];
}

/** Characters of the paragraph that begins with a part's title; 0 where there is none. */
function lengthAfter(text: string, part: string): number {
  const at = text.indexOf(`\n${part}`);
  if (at < 0) return 0;
  const from = at + 1 + part.length;
  const end = text.indexOf('\n\n', from);
  return (end < 0 ? text.length : end) - from;
}

function sectionsOf(page: string): Section[] {
  return page
    .split(/^## /m)
    .slice(1)
    .flatMap((text) => {
      const [first = ''] = text.split('\n', 1);
      const kind = kindOf(`## ${first}`) ?? first;
      if (kind !== COMMON && kindOf(`## ${first}`) === undefined) return [];
      const ru = text.indexOf(headings.ru);
      const en = text.indexOf(headings.en);
      if (ru < 0 || en < ru) return [{ kind, texts: { ru: '', en: '' } }];
      return [{ kind, texts: { ru: text.slice(ru, en), en: text.slice(en) } }];
    });
}

function kindOf(heading: string): string | undefined {
  return /^## `([^`]+)`/.exec(heading)?.[1];
}

function reasonOf(line: string): string | undefined {
  return /^- `([A-Za-z]+)`/.exec(line)?.[1];
}

function reasonsIn(text: string): string[] {
  return text.split('\n').flatMap((line) => reasonOf(line) ?? []);
}

function headingOf(kind: string): string {
  const names = languages.map((language) => {
    const own: Readonly<Record<string, string>> = incidentTexts(language).kinds;
    return (domainTexts(language).checks[kind] ?? own[kind] ?? kind).replace('{n}', '');
  });
  return `## \`${kind}\` · ${names.join(' · ')}`;
}

function reasonLine(kind: string, reason: string, language: Language): string {
  const words: Readonly<Record<string, string>> = domainTexts(language).reasons;
  return `- \`${reason}\`: ${words[reason] ?? '?'}. ${adviceFor(kind, reason, language)}.`;
}

const columns = [
  'rule',
  'opens after',
  'closes after',
  'amber opens',
  'critical in',
  'folds up to',
];

function numbers(): string {
  const rows = documentedKinds.map((kind) => {
    const rule = alertRuleOf(kind);
    return [`\`${kind}\``, ...(rule ? cellsOf(rule) : columns.slice(1).map(() => '–'))];
  });
  return [table([columns, ...rows]), ...languages.map(legend)].join('\n\n');
}

function cellsOf(rule: AlertRule): string[] {
  return [
    duration(rule.openAfterMs),
    duration(rule.resolveAfterMs),
    rule.opensOnWarn ? 'yes' : 'no',
    criticalIn(rule),
    rule.kind.startsWith('collector.') ? '–' : rule.foldsUpTo,
  ];
}

/** The phases in which the worst of a main workstation is critical, as the code itself decides. */
function criticalIn(rule: AlertRule): string {
  const isCollector = rule.kind.startsWith('collector.');
  const isSilence = rule.kind === HEARTBEAT_CHECK;
  const critical = phases.filter((phase) => {
    const severity = severityOf({
      rule,
      verdict: isSilence ? 'unknown' : 'fail',
      reason: isSilence ? 'silent' : 'probeFailed',
      duty: 'main',
      phase,
      level: isCollector ? 'collector' : 'station',
      outageMs: 0,
    });
    return severity === 'critical';
  });
  if (critical.length === phases.length) return 'always';
  return critical.join(', ') || '–';
}

/** Aligned as the formatter aligns it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(head), rule, ...body.map(line)].join('\n');
}

function legend(language: Language): string {
  const words = incidentTexts(language).phases;
  const named = phases.map((phase) => `\`${phase}\` ${words[phase]}`).join(', ');
  const blind = minutes(BLIND_AFTER_MS);
  const away = minutes(AWAY_AFTER_MS);
  const dark = minutes(OUTAGE_CRITICAL_MS);
  const annuls = minutes(OUTAGE_ANNULS_MS);
  return language === 'ru'
    ? [
        `- Этапы дня: ${named}.`,
        `- Перестали измерять: открывается через ${blind} мин. Основной ПК выключен или уснул, когда он нужен: через ${away} мин.`,
        `- Аудитория без видео ${dark} мин в сумме критична; ${annuls} мин — отмена результатов. Мало места на диске коллектора — внимание.`,
        '- Прочерк: своих инцидентов проверка не открывает. `amber opens`: зовёт ли жёлтое. `folds up to`: до какого места складываются строки.',
      ].join('\n')
    : [
        `- Phases of the day: ${named}.`,
        `- No longer measured: opens after ${blind} min. A main PC that was shut down or fell asleep while it is needed: after ${away} min.`,
        `- A room without video for ${dark} min in all is critical; ${annuls} min annul its results. Little space on the collector's disk is a warning.`,
        '- A dash: the check opens no incident of its own. `amber opens`: does amber call anybody. `folds up to`: the widest place that lines fold into.',
      ].join('\n');
}

function duration(ms: number): string {
  return ms % 60_000 === 0 && ms > 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`;
}

function minutes(ms: number): number {
  return ms / 60_000;
}
