import { domainTexts, formatDuration } from '@ppe-pulse/protocol/texts';
import { verdictOf } from '@ppe-pulse/protocol';
import { loadConfig } from '../config.ts';
import { readEnrolment, type EnrolmentRecord } from '../enrolment/enrolment-record.ts';
import { isAlive } from '../platform/process-use.ts';
import { readStatus, type AgentStatus } from '../status-file.ts';
import { enrolmentLines } from './enrolment-lines.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliWorld } from './world.ts';

/** `ppe-agent status`: what the running service says of itself. Exit 1 when none runs. */
export function statusCommand(
  flags: { readonly config: string; readonly json?: boolean },
  world: CliWorld,
): number {
  const config = loadConfig(flags.config, world.env);
  const status = readStatus(config.dataDir);
  const enrolment = readEnrolment(config.dataDir);
  const running = status !== undefined && isAlive(status.pid);
  if (flags.json === true) {
    world.out(
      JSON.stringify({ running, status: status ?? null, enrolment: validityOf(enrolment) }),
    );
    return running ? exitCodes.ok : exitCodes.failed;
  }
  if (!status) {
    world.out(`Агент здесь ещё не запускался / no agent has run here (${config.dataDir})`);
    for (const line of enrolmentLines(enrolment, null, config.timeZone)) world.out(line);
    return exitCodes.failed;
  }
  const age = formatDuration(Date.now() - status.writtenAtMs, 'ru');
  world.out(`Рабочее место / workstation   ${status.agentId}`);
  world.out(
    `Служба / service              ${running ? `работает / running, pid ${status.pid}` : 'НЕ РАБОТАЕТ / not running'}`,
  );
  world.out(`Последний сигнал / last beat  ${age} назад / ago`);
  world.out(`Связь / link                  ${status.link} → ${status.collectorUrl}`);
  for (const line of enrolmentLines(enrolment, status.refusal, config.timeZone)) world.out(line);
  if (status.mode !== undefined) {
    const plan =
      status.planVersion == null ? 'плана нет / no plan' : `план / plan ${status.planVersion}`;
    world.out(`Режим / mode                  ${status.mode}, ${plan}`);
  }
  world.out(`В журнале / journal lag       ${status.journalLag}`);
  if (status.droppedHeartbeats > 0)
    world.out(`Потеряно / dropped            ${status.droppedHeartbeats}`);
  if (status.pagePort !== null)
    world.out(`Страница / page              http://127.0.0.1:${status.pagePort}/`);
  for (const line of slowdownLines(status)) world.out(line);
  for (const line of relayLines(status)) world.out(line);
  world.out(
    `Итог / verdict                ${domainTexts('ru').verdicts[verdictOf(status.verdicts)]}`,
  );
  return running ? exitCodes.ok : exitCodes.failed;
}

/** Of an enrolment that is not by a file nobody here knows. */
function validityOf(enrolment: EnrolmentRecord | undefined) {
  if (!enrolment) return null;
  const { state, validFromMs, validToMs, placement } = enrolment;
  return { state, validFromMs, validToMs, placement };
}

/** What the agent takes off its own work to spare the PC. */
function slowdownLines({ slowdown }: AgentStatus): string[] {
  if (slowdown === undefined || slowdown.factor <= 1) return [];
  const what = { cpu: 'процессор / CPU', memory: 'память / memory' };
  const why = slowdown.over === undefined ? 'уже в норме / within it again' : what[slowdown.over];
  return [`Проверки реже / slower probes ×${slowdown.factor}, ${why}`];
}

/** What a relay adds: whether it listens, who is with it, what waits. */
function relayLines({ relay }: AgentStatus): string[] {
  if (!relay) return [];
  const { port, fault, pagePort, membersHere, membersKnown, spooled, dropped } = relay;
  const known = membersKnown === null ? 'список ещё не получен / no roster yet' : membersKnown;
  return [
    `Ретранслятор / relay          ${port === null ? `НЕ СЛУШАЕТ / not listening (${fault ?? 'starting'})` : `порт / port ${port}`}`,
    `Рабочих мест / members        ${membersHere} / ${known}`,
    `Для коллектора / spooled      ${spooled}`,
    ...(dropped > 0 ? [`Потеряно / spool dropped      ${dropped}`] : []),
    ...(pagePort === null ? [] : [`Страница Штаба / HQ page      http://127.0.0.1:${pagePort}/`]),
  ];
}
