import { useMemo, useState } from 'react';
import type { Municipality, Site } from '@ppe-pulse/protocol';
import { useLeaveGuard } from '../ui/use-leave-guard.ts';
import { RoomRows } from './RoomRows.tsx';
import { draftOf, siteFields } from './site-draft.ts';
import { SiteFieldInput } from './SiteFieldInput.tsx';
import { mistakesOf, useSiteEdit, type Mistakes } from './use-site-edit.ts';
import { refusalText, useRegistryWords } from './use-registry-words.ts';
import { WorkstationRows } from './WorkstationRows.tsx';

interface SiteFormProps {
  readonly site: Site;
  readonly version: number;
  readonly municipalities: readonly Municipality[];
  /** What is said of it; empty where it was given up. */
  readonly onEnd: (said: string) => void;
  readonly onMoved: () => void;
}

/** One site as a form. The collector judges it by the rules of an import. */
export function SiteForm({ site, version, municipalities, onEnd, onMoved }: SiteFormProps) {
  const words = useRegistryWords();
  const { own } = words;
  const [draft, setDraft] = useState(() => draftOf(site));
  const [opened] = useState({ site, version, draft });
  useLeaveGuard(JSON.stringify(draft) !== JSON.stringify(opened.draft), own.leave);
  // Other sites may move meanwhile. Somebody else's edit of this one is not written over.
  const isAsOpened = JSON.stringify(site) === JSON.stringify(opened.site);
  const edit = useSiteEdit(site.code, onEnd, onMoved);
  const mistakes = useMemo(() => mistakesOf(words, edit.problems), [words, edit.problems]);
  const hasAdopted = site.rooms.some(({ workstations }) =>
    workstations.some(({ origin }) => origin === 'adopted'),
  );
  return (
    <form
      className="site-form"
      aria-label={own.editSite(site.code)}
      data-testid="site-form"
      onSubmit={(event) => {
        event.preventDefault();
        edit.save(draft, isAsOpened ? version : opened.version);
      }}
    >
      <h3>{own.editSite(site.code)}</h3>
      <div className="site-fields">
        {siteFields.map((field) => (
          <SiteFieldInput
            key={field}
            field={field}
            draft={draft}
            municipalities={municipalities}
            mistakes={mistakes}
            onChange={(value) => setDraft({ ...draft, site: { ...draft.site, [field]: value } })}
          />
        ))}
      </div>
      <RoomRows
        rooms={draft.rooms}
        mistakes={mistakes}
        onChange={(rooms) => setDraft({ ...draft, rooms })}
      />
      <WorkstationRows
        draft={draft}
        mistakes={mistakes}
        onChange={(workstations) => setDraft({ ...draft, workstations })}
      />
      {hasAdopted && <p className="quiet">{own.adoptedStay}</p>}
      {mistakes.size > 0 && <MistakeList of={mistakes} />}
      {edit.failure && (
        <p className="refusal" role="alert">
          {refusalText(words, edit.failure)}
        </p>
      )}
      <div className="fields">
        <button type="submit" className="main" disabled={edit.isBusy}>
          {own.save}
        </button>
        <button type="button" onClick={() => onEnd('')}>
          {own.giveUp}
        </button>
      </div>
    </form>
  );
}

/** All that is wrong, in one place that is read aloud. */
function MistakeList({ of }: { readonly of: Mistakes }) {
  const { own } = useRegistryWords();
  return (
    <div className="refusal" role="alert" data-testid="site-mistakes">
      <p>{own.mend}</p>
      <ul>
        {[...of].map(([key, { summary }]) => (
          <li key={key}>{summary}</li>
        ))}
      </ul>
    </div>
  );
}
