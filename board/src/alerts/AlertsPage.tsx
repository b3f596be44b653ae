import '../incidents/incidents.css';
import './alerts.css';
import { SilenceList } from '../incidents/SilenceList.tsx';
import { IncidentTime } from '../incidents/IncidentTime.tsx';
import { MunicipalityNames } from '../incidents/MunicipalityNames.tsx';
import { PageFooter } from '../ui/PageFooter.tsx';
import { PageHead } from '../ui/PageHead.tsx';
import { Deliveries } from './Deliveries.tsx';
import { Routing } from './Routing.tsx';
import { useAlertWords } from './use-alert-words.ts';
import { useWebhooks } from './use-webhooks.ts';
import { Webhooks } from './Webhooks.tsx';

/** Who is told of incidents, whether it arrives, and what is silenced. */
export function AlertsPage() {
  const { own } = useAlertWords();
  const webhooks = useWebhooks();
  return (
    <IncidentTime>
      <MunicipalityNames>
        <div className="page">
          <PageHead title={own.title} />
          <main id="main" className="alerts-page">
            <Webhooks webhooks={webhooks} />
            <Deliveries webhooks={webhooks.items} />
            <div className="alerts-columns">
              <Routing webhooks={webhooks.items} />
              <section className="panel" aria-label={own.silences}>
                <h2>{own.silences}</h2>
                <SilenceList />
              </section>
            </div>
          </main>
          <PageFooter />
        </div>
      </MunicipalityNames>
    </IncidentTime>
  );
}
