import { useState } from 'react';
import { useAction } from '../incidents/use-action.ts';
import { useLive } from '../live/use-live.ts';
import { useLeaveGuard } from '../ui/use-leave-guard.ts';
import { useZone } from '../ui/use-zone.ts';
import type { LinkAnswer } from './access-shapes.ts';
import { useAccessWords } from './use-access-words.ts';
import { AccessRefusal } from './AccessRefusal.tsx';
import { dateAfter, endOfDay } from './end-of-day.ts';
import { viewIds, wallViews, type ViewId } from './wall-views.ts';

/** A rehearsal with the days before it. */
const USUAL_DAYS = 7;
const MOST_DAYS = 365;
const MAX_NAME_LENGTH = 100;

interface DisplayFormProps {
  readonly onMade: (name: string, link: LinkAnswer) => void;
  readonly onCancel: () => void;
}

/** Makes a link for a screen: its name, until when, and what it shows. */
export function DisplayForm({ onMade, onCancel }: DisplayFormProps) {
  const { own } = useAccessWords();
  const { isBusy, failure, send } = useAction();
  const zone = useZone();
  // Not the clock of this computer: the collector judges the end.
  const nowMs = useLive((state) => Math.floor(state.serverTimeMs / 60_000) * 60_000);
  const [name, setName] = useState('');
  const [date, setDate] = useState('');
  const [view, setView] = useState<ViewId>('wall');
  useLeaveGuard(name !== '', own.leave);
  const chosen = date || dateAfter(nowMs, USUAL_DAYS, zone);
  const make = async (): Promise<void> => {
    const body = { name: name.trim(), expiresAt: endOfDay(chosen, zone), view: wallViews[view] };
    const link = await send<LinkAnswer>({ path: '/api/v1/displays', body, hasRequestId: false });
    if (link) onMade(body.name, link);
  };
  return (
    <form
      className="access-form is-framed"
      data-testid="display-form"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <label>
        <span>{own.name}</span>
        <input
          value={name}
          required
          autoFocus
          maxLength={MAX_NAME_LENGTH}
          placeholder={own.nameHint}
          onChange={({ target }) => setName(target.value)}
        />
      </label>
      <label>
        <span>{own.until}</span>
        <input
          type="date"
          value={chosen}
          required
          min={dateAfter(nowMs, 0, zone)}
          max={dateAfter(nowMs, MOST_DAYS - 1, zone)}
          onChange={({ target }) => setDate(target.value)}
        />
      </label>
      <ViewField value={view} onChoose={setView} />
      <div className="fields is-wide">
        <button type="submit" className="main" disabled={isBusy}>
          {own.create}
        </button>
        <button type="button" onClick={onCancel}>
          {own.cancel}
        </button>
      </div>
      <AccessRefusal of={failure} />
    </form>
  );
}

interface ViewFieldProps {
  readonly value: ViewId;
  readonly onChoose: (view: ViewId) => void;
}

function ViewField({ value, onChoose }: ViewFieldProps) {
  const { own } = useAccessWords();
  return (
    <label>
      <span>{own.view}</span>
      <select
        value={value}
        onChange={({ target }) => onChoose(viewIds.find((id) => id === target.value) ?? 'wall')}
      >
        {viewIds.map((id) => (
          <option key={id} value={id}>
            {own.views[id]}
          </option>
        ))}
      </select>
    </label>
  );
}
