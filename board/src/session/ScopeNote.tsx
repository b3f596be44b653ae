import './scope.css';
import { useContext, useEffect } from 'react';
import { useLocation } from 'wouter';
import { landingOf, mustFinish } from './landing.ts';
import { SIGN_IN_PATH } from '../ui/sign-in-path.ts';
import { useScopeTexts } from './scope-texts.ts';
import { useMunicipalityName } from './use-municipality-name.ts';
import { SessionContext, useSession } from './use-session.ts';

/** Whose part of the region is shown, so that nobody takes it for the whole; nothing for the whole. */
export function ScopeNote() {
  const own = useScopeTexts();
  const session = useSession();
  const name = useMunicipalityName(session?.municipality ?? '');
  useLanding();
  const text =
    session?.role === 'municipal'
      ? own.municipality(name)
      : session?.role === 'ppe'
        ? own.site(session.siteCode ?? '')
        : '';
  if (text === '') return null;
  return (
    <strong className="scope" title={own.hint} data-testid="scope">
      {text}
    </strong>
  );
}

/**
 * The board's bare address leads those who have a part of the region to their place, once a page. A
 * session that is not whole yet sees nothing: it is led to what is missing.
 */
function useLanding(): void {
  const source = useContext(SessionContext);
  const session = useSession();
  const [address, navigate] = useLocation();
  useEffect(() => {
    if (!session || !source?.land()) return;
    const isBare = address === '/' && location.search === '';
    const landing = mustFinish(session) ? SIGN_IN_PATH : isBare ? landingOf(session) : address;
    if (landing !== address) navigate(landing, { replace: true });
  }, [session, source, address, navigate]);
}
