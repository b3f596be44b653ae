import { metricOf } from '@ppe-pulse/protocol';
import {
  domainTexts,
  formatDuration,
  formatEvidence,
  formatValue,
  nameOf,
} from '@ppe-pulse/protocol/texts';
import type { CheckAnswer, WorkstationAnswer } from '../api/shapes.ts';
import { reasonText, useWords } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { DeviceChart } from './DeviceChart.tsx';
import { checkAge, unitOfCheck } from './check-texts.ts';
import { devicesOf, type Device } from './device-groups.ts';
import { useWorkstationWords, type WorkstationWords } from './use-workstation-words.ts';
import type { RangeName } from './workstation-texts.ts';

interface DevicesProps {
  readonly workstation: WorkstationAnswer;
  readonly range: RangeName;
  readonly nowMs: number;
}

/** Every device with its verdict, what that rests on, how old it is, and its main number over time. */
export function Devices({ workstation, range, nowMs }: DevicesProps) {
  const { own } = useWorkstationWords();
  const devices = devicesOf(workstation);
  if (devices.length === 0) return null;
  return (
    <section className="devices" aria-label={own.devices}>
      {devices.map((device) => (
        <DeviceCard
          key={`${device.kind} ${device.number}`}
          device={device}
          workstation={workstation}
          range={range}
          nowMs={nowMs}
        />
      ))}
    </section>
  );
}

function DeviceCard({ device, workstation, range, nowMs }: DevicesProps & { device: Device }) {
  const words = useWorkstationWords();
  const { verdict, reason } = device.standing;
  const judged = device.checks.filter((check) => check.reason !== 'noPlan');
  const waiting = device.checks
    .filter((check) => check.reason === 'noPlan')
    .map((check) => shortName(nameOf(words.domain.checks, check.id)) ?? check.id);
  return (
    <article
      className={`panel device device-${verdict}`}
      data-testid={`device-${device.kind}-${device.number}`}
    >
      <header>
        <h2>{deviceName(device, words)}</h2>
        <p className="device-standing">
          <Glyph verdict={verdict} /> {reasonText(words, reason)}
        </p>
      </header>
      <ul>
        {judged.map((check) => (
          <CheckLine key={check.id} check={check} nowMs={nowMs} />
        ))}
      </ul>
      {waiting.length > 0 && (
        <p className="quiet device-waiting">{words.page.waitingForPlan(waiting.join(', '))}</p>
      )}
      <dl className="measurements">
        {device.metricIds.map((id) => (
          <Measurement key={id} id={id} workstation={workstation} nowMs={nowMs} isInCard />
        ))}
      </dl>
      <DeviceChart workstationId={workstation.id} metric={device.mainMetric} range={range} />
    </article>
  );
}

function CheckLine({ check, nowMs }: { readonly check: CheckAnswer; readonly nowMs: number }) {
  const words = useWorkstationWords();
  const evidence = formatEvidence(check.evidence, unitOfCheck(check), words.language);
  return (
    <li className={`row-${check.verdict}`}>
      <span className="device-check">
        <Glyph verdict={check.verdict} />{' '}
        {shortName(nameOf(words.domain.checks, check.id)) ?? words.own.deviceState}
        {': '}
        {reasonText(words, check.reason)}
      </span>
      <small className="quiet">
        {[evidence, checkAge(check, nowMs, words)].filter(Boolean).join(' · ')}
      </small>
    </li>
  );
}

interface MeasurementProps {
  readonly id: string;
  readonly workstation: WorkstationAnswer;
  readonly nowMs: number;
  /** The card's title says already of which device it is. */
  readonly isInCard?: boolean;
}

/** A number is shown with its age once it is no longer of now. */
const OLD_MS = 30_000;

/** One measured number. */
export function Measurement({ id, workstation, nowMs, isInCard = false }: MeasurementProps) {
  const { page, language } = useWords();
  const value = workstation.metrics[id];
  const unit = metricOf(id)?.unit;
  if (value === undefined || unit === undefined) return null;
  const name = nameOf(domainTexts(language).metrics, id);
  const ageMs = nowMs - Date.parse(workstation.measuredAt[id] ?? '');
  return (
    <div>
      <dt>{(isInCard ? shortName(name) : undefined) ?? name}</dt>
      <dd data-testid={`metric-${id}`}>
        {formatValue(value, unit, language)}
        {ageMs > OLD_MS && <small> {page.ago(formatDuration(ageMs, language))}</small>}
      </dd>
    </div>
  );
}

/** `Принтер`, `Камера 2`. */
function deviceName({ kind, number }: Device, { own }: WorkstationWords): string {
  const name = own.deviceKinds[kind];
  return kind === 'camera' || number > 1 ? `${name} ${number}` : name;
}

/** What stands behind «Принтер 2: »; undefined for a name that is the device's own. */
function shortName(name: string): string | undefined {
  return /^[^:]+: (.+)$/.exec(name)?.[1];
}
