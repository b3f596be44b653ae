import { useState } from 'react';
import { AccessRefusal } from '../access/AccessRefusal.tsx';
import { useAction } from '../incidents/use-action.ts';
import { useLive } from '../live/use-live.ts';
import { useEnrolmentWords } from './use-enrolment-words.ts';
import { enrolmentFileName, saveJson } from './save-file.ts';

const nothing = { siteCode: '', validFrom: '', validTo: '', needsApproval: false };

/** Makes the file of a ППЭ and gives it to the person: the codes are in it and nowhere else. */
export function CreateFile({ onMade }: { readonly onMade: () => void }) {
  const { own } = useEnrolmentWords();
  const { isBusy, failure, send } = useAction();
  const [draft, setDraft] = useState(nothing);
  const [saved, setSaved] = useState('');
  const put = (part: Partial<typeof nothing>): void => {
    setDraft({ ...draft, ...part });
    setSaved('');
  };
  const { siteCode, validFrom, validTo, needsApproval } = draft;
  const make = async (): Promise<void> => {
    const body = {
      siteCode,
      needsApproval,
      ...(validFrom !== '' && { validFrom }),
      ...(validTo !== '' && { validTo }),
    };
    const file = await send<object>({ path: '/api/v1/enrolments', body, hasRequestId: false });
    if (!file) return;
    const name = enrolmentFileName(siteCode);
    saveJson(name, file);
    setSaved(own.create.made(name));
    onMade();
  };
  return (
    <section className="panel stack" aria-label={own.create.title}>
      <h2>{own.create.title}</h2>
      <p className="quiet">{own.create.hint}</p>
      <form
        className="access-form"
        data-testid="enrolment-form"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <SiteField value={siteCode} onType={(code) => put({ siteCode: code })} />
        <DateFields draft={draft} put={put} />
        <p className="quiet is-wide">{own.create.datesHint}</p>
        <label className="is-check">
          <input
            type="checkbox"
            checked={needsApproval}
            onChange={({ target }) => put({ needsApproval: target.checked })}
          />
          <span>{own.create.needsApproval}</span>
        </label>
        <button type="submit" className="main" disabled={isBusy}>
          {own.create.make}
        </button>
        <AccessRefusal of={failure} />
      </form>
      {saved !== '' && <p role="status">{saved}</p>}
    </section>
  );
}

interface DateFieldsProps {
  readonly draft: typeof nothing;
  readonly put: (part: Partial<typeof nothing>) => void;
}

/** Both days or none: without them the plan in force says them. */
function DateFields({ draft: { validFrom, validTo }, put }: DateFieldsProps) {
  const { own } = useEnrolmentWords();
  return (
    <>
      <label>
        <span>{own.create.from}</span>
        <input
          type="date"
          value={validFrom}
          required={validTo !== ''}
          onChange={({ target }) => put({ validFrom: target.value })}
        />
      </label>
      <label>
        <span>{own.create.to}</span>
        <input
          type="date"
          value={validTo}
          min={validFrom}
          required={validFrom !== ''}
          onChange={({ target }) => put({ validTo: target.value })}
        />
      </label>
    </>
  );
}

interface SiteFieldProps {
  readonly value: string;
  readonly onType: (code: string) => void;
}

/** The code of a ППЭ; the registry's are offered with their names. */
function SiteField({ value, onType }: SiteFieldProps) {
  const { own } = useEnrolmentWords();
  const registry = useLive((state) => state.registry);
  return (
    <>
      <label>
        <span>{own.create.site}</span>
        <input
          value={value}
          required
          list="enrolment-sites"
          pattern="[0-9]{4}"
          title={own.create.siteRule}
          inputMode="numeric"
          maxLength={4}
          onChange={({ target }) => onType(target.value)}
        />
      </label>
      {/* Outside: a label reads out all that is in it. */}
      <datalist id="enrolment-sites">
        {[...registry.values()].map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  );
}
