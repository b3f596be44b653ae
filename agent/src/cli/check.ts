import {
  mainMetricOf,
  metricOf,
  verdictOf,
  verdictWeight,
  type CheckVerdict,
  type Verdict,
} from '@ppe-pulse/protocol';
import {
  domainTexts,
  formatDuration,
  formatEvidence,
  formatValue,
  nameOf,
  type Language,
} from '@ppe-pulse/protocol/texts';
import { loadConfig } from '../config.ts';
import { readEnrolment } from '../enrolment/enrolment-record.ts';
import { createLog } from '../platform/log.ts';
import { enrolmentLines } from './enrolment-lines.ts';
import { checkExitCodes } from './exit-codes.ts';
import { measureOnce } from './measure-once.ts';
import { readStatus, type AgentStatus } from '../status-file.ts';
import { isAlive } from '../platform/process-use.ts';
import { languageOf } from './language.ts';
import type { CliWorld } from './world.ts';

/** Flags of `check`. */
export interface CheckFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly lang?: string;
}

const titles = {
  ru: {
    head: 'Проверка рабочего места',
    age: 'назад',
    result: 'Итог',
    fromService: 'по данным службы',
  },
  en: {
    head: 'Workstation check',
    age: 'ago',
    result: 'Result',
    fromService: 'as the service sees it',
  },
} as const;

const marks: Record<Verdict, string> = {
  ok: '[ OK ]',
  warn: '[ !! ]',
  fail: '[FAIL]',
  unknown: '[ ?? ]',
  silentByRule: '[ -- ]',
  notInvolved: '[ -- ]',
};

/** Under the name, past the mark. */
const INDENT = 7;

/**
 * `ppe-agent check`: one screen for a person. With a running service its verdicts are shown, since
 * it alone sees the collector; without one everything local is measured now.
 */
export async function checkCommand(flags: CheckFlags, world: CliWorld): Promise<number> {
  const language = languageOf(flags.lang);
  const config = loadConfig(flags.config, world.env);
  const service = runningStatus(config.dataDir);
  const verdicts =
    service?.verdicts ?? (await measureOnce(config, createLog('silent'))).heartbeat.verdicts;
  const verdict = verdictOf(verdicts);
  if (flags.json === true) {
    const checks = verdicts.map(({ id, verdict: own, reason, evidence }) => ({
      id,
      verdict: own,
      reason,
      evidence,
    }));
    world.out(JSON.stringify({ verdict, checks }));
  } else {
    print(verdicts, verdict, { language, isService: service !== undefined }, world);
    const enrolment = readEnrolment(config.dataDir);
    const refusal = service?.refusal ?? null;
    for (const line of enrolmentLines(enrolment, refusal, config.timeZone)) world.out(line);
  }
  return verdict === 'silentByRule' || verdict === 'notInvolved'
    ? checkExitCodes.ok
    : checkExitCodes[verdict];
}

function runningStatus(dataDir: string): AgentStatus | undefined {
  const status = readStatus(dataDir);
  if (!status || !isAlive(status.pid)) return undefined;
  return Date.now() - status.writtenAtMs <= 3 * status.intervalMs ? status : undefined;
}

function print(
  verdicts: readonly CheckVerdict[],
  verdict: Verdict,
  view: { readonly language: Language; readonly isService: boolean },
  world: CliWorld,
): void {
  const { language } = view;
  const texts = domainTexts(language);
  const title = titles[language];
  world.out(`${title.head}${view.isService ? ` (${title.fromService})` : ''}`);
  for (const check of verdicts) {
    const name = nameOf(texts.checks, check.id).padEnd(28);
    world.out(
      `${marks[check.verdict]} ${name} ${valueOf(check, language).padEnd(16)} ${reasonOf(check, language)}`,
    );
    // What is well needs no proof on the one screen that there is.
    const evidence = isNews(check) ? evidenceOf(check, language) : '';
    if (evidence !== '') world.out(`${' '.repeat(INDENT)}${evidence}`);
  }
  world.out(`${title.result}: ${marks[verdict]} ${texts.verdicts[verdict]}`);
}

function isNews({ verdict, reason }: CheckVerdict): boolean {
  return verdictWeight(verdict) > verdictWeight('ok') && reason !== 'noPlan';
}

function evidenceOf({ id, evidence }: CheckVerdict, language: Language): string {
  return formatEvidence(evidence, metricOf(mainMetricOf(id) ?? '')?.unit, language);
}

function valueOf(check: CheckVerdict, language: Language): string {
  const unit = metricOf(mainMetricOf(check.id) ?? '')?.unit;
  const { value } = check.evidence;
  return typeof value === 'number' && unit !== undefined ? formatValue(value, unit, language) : '';
}

function reasonOf(check: CheckVerdict, language: Language): string {
  const reasons: Readonly<Record<string, string>> = domainTexts(language).reasons;
  const age =
    check.ageMs >= 10_000
      ? ` (${formatDuration(check.ageMs, language)} ${titles[language].age})`
      : '';
  return `${reasons[check.reason] ?? check.reason}${age}`;
}
