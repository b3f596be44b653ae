import { Link } from 'wouter';
import { formatValue } from '@ppe-pulse/protocol/texts';
import { useServerSecond } from '../live/use-live.ts';
import { roughlyAgo } from '../text/ages.ts';
import { reasonText } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { placeName } from '../ui/places.ts';
import type { AgentAnswer, AgentsAnswer } from './agent-answer.ts';
import { useAgentsWords } from './agents-texts.ts';

/** Where the clock of a PC begins to be wrong: as `clock.skew` warns. */
const CLOCK_OFF_MS = 30_000;
/** A heartbeat or two are always on their way. */
const LAGGING_FROM = 5;

/** One page of agents. */
export function AgentTable({ answer }: { readonly answer: AgentsAnswer }) {
  const { own } = useAgentsWords();
  const newest = answer.summary.versions[0]?.version;
  if (answer.items.length === 0) return <p className="quiet">{own.nothing}</p>;
  return (
    <div className="scroll">
      <table data-testid="agents">
        <thead>
          <tr>
            <th scope="col">{own.agent}</th>
            <th scope="col">{own.heard}</th>
            <th scope="col">{own.journal}</th>
            <th scope="col">{own.version}</th>
            <th scope="col">{own.plan}</th>
            <th scope="col">{own.mode}</th>
            <th scope="col">{own.clock}</th>
          </tr>
        </thead>
        <tbody>
          {answer.items.map((agent) => (
            <Row key={agent.id} agent={agent} newest={newest} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly agent: AgentAnswer;
  readonly newest: string | undefined;
}

function Row({ agent, newest }: RowProps) {
  const words = useAgentsWords();
  const { own, page, domain, number, language } = words;
  const { id, siteCode, verdict, agentVersion, planVersion, isPlanBehind, mode } = agent;
  const { clockOffsetMs, journalLag, journalDropped, clones } = agent;
  return (
    <tr>
      <th scope="row">
        <Glyph verdict={verdict} label={domain.verdicts[verdict]} />{' '}
        <Link href={`/ppe/${siteCode}`}>
          {page.ppe} {siteCode}
        </Link>
        {' · '}
        <Link href={`/workstations/${id}`}>{placeName(words, agent)}</Link>{' '}
        <small className="quiet">{id}</small>
        {clones > 0 && <Bad text={own.clones(number(clones))} />}
      </th>
      <td>
        <Heard agent={agent} />
      </td>
      <td className="number">
        {journalLag >= LAGGING_FROM ? <Bad text={number(journalLag)} /> : number(journalLag)}
        {journalDropped > 0 && <Bad text={own.dropped(number(journalDropped))} />}
      </td>
      <td className="number">
        {agentVersion === null || agentVersion === newest ? (
          (agentVersion ?? '—')
        ) : (
          <Bad text={agentVersion} />
        )}
      </td>
      <td className="number">
        {isPlanBehind ? (
          <Bad text={`${planVersion ?? '—'} · ${own.behind}`} />
        ) : (
          (planVersion ?? '—')
        )}
      </td>
      <td>{mode === null ? '—' : (own.modes[mode] ?? mode)}</td>
      <td className="number">
        {clockOffsetMs === null ? (
          '—'
        ) : Math.abs(clockOffsetMs) > CLOCK_OFF_MS ? (
          <Bad text={formatValue(clockOffsetMs, 'ms', language)} />
        ) : (
          formatValue(clockOffsetMs, 'ms', language)
        )}
      </td>
    </tr>
  );
}

function Heard({ agent }: { readonly agent: AgentAnswer }) {
  const words = useAgentsWords();
  const nowMs = useServerSecond();
  const { lastSeenAt, isHeard, reason } = agent;
  if (lastSeenAt === null) return words.page.never;
  const ageMs = Math.max(0, nowMs - Date.parse(lastSeenAt));
  const age = roughlyAgo(words, ageMs);
  return isHeard ? age : `${age} · ${reasonText(words, reason)}`;
}

/** Something that wants to be looked at: shape and colour beside the text. */
function Bad({ text }: { readonly text: string }) {
  return (
    <span className="agents-bad">
      <Glyph verdict="warn" /> {text}
    </span>
  );
}
