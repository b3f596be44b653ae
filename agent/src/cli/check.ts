import type { CheckVerdict, Verdict } from '@ppe-pulse/protocol';
import { domainTexts, nameOf, type Language } from '@ppe-pulse/protocol/texts';
import { loadConfig } from '../config.ts';
import { readEnrolment } from '../enrolment/enrolment-record.ts';
import { createLog } from '../platform/log.ts';
import { awaitService, runningStatus } from './await-service.ts';
import { sheetTexts } from '../sheet/check-sheet-texts.ts';
import { evidenceOf, reasonOf, valueOf } from '../sheet/check-words.ts';
import { sheetOf } from '../sheet/sheet-of.ts';
import { enrolmentLines } from './enrolment-lines.ts';
import { checkExitCodes } from './exit-codes.ts';
import { languageOf } from './language.ts';
import { measureOnce } from './measure-once.ts';
import { UsageError, type CliWorld } from './world.ts';
import { writeSheet } from './write-sheet.ts';

/** Flags of `check`; `cac` hands numbers over as such. */
export interface CheckFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly lang?: string;
  /** A file, or a folder that gets a file named after the place and the day. */
  readonly sheet?: string;
  /** Seconds to wait for a service that was just started. */
  readonly wait?: number | string;
}

const titles = {
  ru: { head: 'Проверка рабочего места', result: 'Итог', fromService: 'по данным службы' },
  en: { head: 'Workstation check', result: 'Result', fromService: 'as the service sees it' },
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
const MAX_WAIT_SECONDS = 600;

/**
 * `ppe-agent check`: one screen for a person. With a running service its verdicts are shown, since
 * it alone sees the collector; without one everything local is measured now.
 */
export async function checkCommand(flags: CheckFlags, world: CliWorld): Promise<number> {
  const language = languageOf(flags.lang);
  const waitMs = waitOf(flags.wait);
  const config = loadConfig(flags.config, world.env);
  const service =
    waitMs === 0 ? runningStatus(config.dataDir) : await awaitService(config.dataDir, waitMs);
  const found =
    service?.verdicts ?? (await measureOnce(config, createLog('silent'))).heartbeat.verdicts;
  const all = sheetOf(config, service, { language, nowMs: Date.now(), verdicts: found });
  const { verdict, verdicts } = all;
  const sheet = flags.sheet === undefined ? undefined : writeSheet(flags.sheet, all);
  if (flags.json === true) {
    const checks = verdicts.map(({ id, verdict: own, reason, evidence }) => ({
      id,
      verdict: own,
      reason,
      evidence,
    }));
    world.out(JSON.stringify({ verdict, checks, ...(sheet !== undefined && { sheet }) }));
  } else {
    print(verdicts, verdict, { language, isService: service !== undefined }, world);
    const enrolment = readEnrolment(config.dataDir);
    const refusal = service?.refusal ?? null;
    for (const line of enrolmentLines(enrolment, refusal, config.timeZone)) world.out(line);
    if (sheet !== undefined) world.out(sheetTexts[language].written(sheet));
  }
  return verdict === 'silentByRule' || verdict === 'notInvolved'
    ? checkExitCodes.ok
    : checkExitCodes[verdict];
}

/** What `cac` took for a number is one; anything else a person mistyped. */
function waitOf(wait: number | string = 0): number {
  const isSeconds = typeof wait === 'number' && wait >= 0 && wait <= MAX_WAIT_SECONDS;
  if (isSeconds) return wait * 1_000;
  throw new UsageError(`--wait takes seconds, at most ${MAX_WAIT_SECONDS}`);
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
    const evidence = evidenceOf(check, language);
    if (evidence !== '') world.out(`${' '.repeat(INDENT)}${evidence}`);
  }
  world.out(`${title.result}: ${marks[verdict]} ${texts.verdicts[verdict]}`);
}
