import type { Incident } from '@ppe-pulse/protocol';
import { kindText } from '@ppe-pulse/protocol/texts';
import { useNodeName, nodesAround } from './node-name.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** What a silence covers, and for how long. */
export interface SilenceScopeDraft {
  readonly node: string;
  /** Every check of the node, not the incident's only. */
  readonly isAll: boolean;
  readonly kind: 'silence' | 'maintenance';
  readonly minutes: number;
}

const MINUTES = [30, 60, 120, 240] as const;

/** The choices of a silence around an incident: the node and wider ones, one check or all. */
export function SilenceScope({
  incident,
  scope,
  onChange,
}: {
  readonly incident: Incident;
  readonly scope: SilenceScopeDraft;
  readonly onChange: (scope: SilenceScopeDraft) => void;
}) {
  const { own, incident: texts, language } = useIncidentWords();
  const put = (part: Partial<SilenceScopeDraft>): void => onChange({ ...scope, ...part });
  return (
    <div className="fields">
      <label>
        {own.place}
        <select value={scope.node} onChange={({ target }) => put({ node: target.value })}>
          {nodesAround(incident).map((node) => (
            <NodeOption key={node} node={node} />
          ))}
        </select>
      </label>
      <label>
        {own.silenceWhat}
        <select
          value={scope.isAll ? 'all' : 'one'}
          onChange={({ target }) => put({ isAll: target.value === 'all' })}
        >
          <option value="one">{kindText(incident, language)}</option>
          <option value="all">{own.silenceAll}</option>
        </select>
      </label>
      <label>
        {own.silenceFor}
        <select
          value={scope.minutes}
          onChange={({ target }) => put({ minutes: Number(target.value) })}
        >
          {MINUTES.map((minutes) => (
            <option key={minutes} value={minutes}>
              {own.snoozeFor(minutes)}
            </option>
          ))}
        </select>
      </label>
      <select
        aria-label={own.silences}
        value={scope.kind}
        onChange={({ target }) =>
          put({ kind: target.value === 'maintenance' ? 'maintenance' : 'silence' })
        }
      >
        <option value="silence">{texts.silenceKinds.silence}</option>
        <option value="maintenance">{texts.silenceKinds.maintenance}</option>
      </select>
    </div>
  );
}

function NodeOption({ node }: { readonly node: string }) {
  return <option value={node}>{useNodeName(node)}</option>;
}
