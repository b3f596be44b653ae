import '../incidents/incidents.css';
import './access.css';
import { useMay } from '../session/use-session.ts';
import { PageFooter } from '../ui/PageFooter.tsx';
import { PageHead } from '../ui/PageHead.tsx';
import { useAccessWords } from './use-access-words.ts';
import { Accounts } from './Accounts.tsx';
import { Displays } from './Displays.tsx';

/** Who may look at the board, and from where; the administrator's page. */
export function AccessPage() {
  const { own } = useAccessWords();
  const mayKeep = useMay('people');
  return (
    <div className="page">
      <PageHead title={own.title} />
      <main id="main" className="access">
        {mayKeep ? (
          <>
            <Accounts />
            <Displays />
          </>
        ) : (
          <p role="alert">{own.notYours}</p>
        )}
      </main>
      <PageFooter />
    </div>
  );
}
