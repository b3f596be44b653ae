import { verdictOf } from '@ppe-pulse/protocol';
import type { Language } from '@ppe-pulse/protocol/texts';
import type { AgentConfig } from '../config.ts';
import { readEnrolment } from '../enrolment/enrolment-record.ts';
import { readPlacement } from '../placement-file.ts';
import type { AgentStatus } from '../status-file.ts';
import { AGENT_VERSION } from '../version.ts';
import { asRemarks } from './as-remarks.ts';
import type { CheckSheet } from './check-sheet.ts';
import { systemName } from './system-name.ts';

/** What is on a sheet: a language, a moment of the PC's clock, and verdicts. */
export interface SheetOf {
  readonly language: Language;
  readonly nowMs: number;
  readonly verdicts: AgentStatus['verdicts'];
}

/** The readiness sheet of this PC, by what its service says where one runs. */
export function sheetOf(
  config: AgentConfig,
  service: AgentStatus | undefined,
  { language, nowMs, verdicts: found }: SheetOf,
): CheckSheet {
  const enrolment = readEnrolment(config.dataDir);
  const verdicts = asRemarks(found);
  return {
    language,
    nowMs,
    verdicts,
    verdict: verdictOf(verdicts),
    agentId: service?.agentId ?? enrolment?.agentId,
    placement: service?.placement ?? enrolment?.placement ?? readPlacement(config.dataDir),
    validToMs: enrolment?.validToMs,
    link: service?.link,
    mode: service?.mode,
    planVersion: service?.planVersion,
    agentVersion: service?.agentVersion ?? AGENT_VERSION,
    runtime: process.versions.node,
    system: systemName(),
    timeZone: config.timeZone,
  };
}
