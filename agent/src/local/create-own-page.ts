import type { AgentConfig } from '../config.ts';
import type { AgentStatus } from '../status-file.ts';
import { OwnPage, type OwnPageParts } from './own-page.ts';

/** Whose page it is. */
export interface OwnPageWorld extends Pick<OwnPageParts, 'timers' | 'log'> {
  readonly status: () => AgentStatus | undefined;
  /** The relay's own page shows the whole ППЭ, at the same address. */
  readonly isRelay: boolean;
}

/** The page of an installed agent, or of one whose settings ask for it. */
export function createOwnPage(
  config: AgentConfig,
  env: Readonly<Record<string, string | undefined>>,
  { timers, log, status, isRelay }: OwnPageWorld,
): OwnPage | undefined {
  const { enabled = env['PPE_PULSE_INSTALL_DIR'] !== undefined, port } = config.page;
  if (!enabled || isRelay) return undefined;
  const sheet: OwnPageParts['sheet'] = async (language) => {
    // Its words take memory: whoever never opens the page does not pay for them.
    const [{ sheetHtml }, { sheetOf }] = await Promise.all([
      import('../sheet/check-sheet.ts'),
      import('../sheet/sheet-of.ts'),
    ]);
    const service = status();
    const verdicts = service?.verdicts ?? [];
    return sheetHtml(sheetOf(config, service, { language, nowMs: Date.now(), verdicts }));
  };
  return new OwnPage({ port, timers, log, sheet });
}
