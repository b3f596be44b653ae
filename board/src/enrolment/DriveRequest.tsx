import { useId, useState } from 'react';
import { AccessRefusal } from '../access/AccessRefusal.tsx';
import { refusedHere, type Refused } from '../incidents/refused.ts';
import { useAction } from '../incidents/use-action.ts';
import { useEnrolmentWords } from './use-enrolment-words.ts';
import { saveJson } from './save-file.ts';

/** A request is a few hundred characters: more is another file. */
const MAX_REQUEST_BYTES = 16_384;

/** Takes a request that came on a flash drive, and gives the answer that goes back. */
export function DriveRequest({ onTaken }: { readonly onTaken: () => void }) {
  const { own } = useEnrolmentWords();
  const id = useId();
  const { isBusy, failure, send } = useAction();
  const [unread, setUnread] = useState<Refused>();
  const [saved, setSaved] = useState('');
  const take = async (file: File): Promise<void> => {
    setSaved('');
    const request = await requestOf(file);
    setUnread(request ? undefined : refusedHere(own.drive.notJson));
    if (!request) return;
    const path = '/api/v1/enrolments/requests';
    const credential = await send<object>({ path, body: request, hasRequestId: false });
    if (!credential) return;
    const name = credentialName(file.name);
    saveJson(name, credential);
    setSaved(own.drive.made(name));
    onTaken();
  };
  return (
    <section className="panel stack" aria-label={own.drive.title}>
      <h2>{own.drive.title}</h2>
      <p className="quiet">{own.drive.hint}</p>
      <div className="drive-file">
        <input
          id={id}
          type="file"
          accept=".json,application/json"
          disabled={isBusy}
          data-testid="drive-request"
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file) void take(file);
            // The same file may be chosen again.
            target.value = '';
          }}
        />
        <label htmlFor={id}>{own.drive.choose}</label>
      </div>
      {saved !== '' && <p role="status">{saved}</p>}
      <AccessRefusal of={unread ?? failure} />
    </section>
  );
}

async function requestOf(file: File): Promise<object | undefined> {
  if (file.size > MAX_REQUEST_BYTES) return undefined;
  try {
    const read: unknown = JSON.parse(await file.text());
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** `x.request.json` is answered by `x.credential.json`. */
function credentialName(requestName: string): string {
  const bare = requestName.replace(/\.json$/i, '').replace(/[.-]request$/i, '');
  return `${bare}.credential.json`;
}
