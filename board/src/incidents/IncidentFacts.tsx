import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Incident } from '@ppe-pulse/protocol';
import { formatEvidence, incidentReach } from '@ppe-pulse/protocol/texts';
import { metricOf } from '@ppe-pulse/protocol';
import { useIncidentNames } from './incident-names.ts';
import { useListClock } from './use-incident-clock.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** What is known of an incident: place with ways to it, reach with codes of sites, evidence, times. */
export function IncidentFacts({ incident }: { readonly incident: Incident }) {
  const { own, page, incident: texts, language, number } = useIncidentWords();
  const { time } = useListClock();
  const { siteCode, workstationId, provider, openedAtMs, resolvedAtMs, resolution } = incident;
  const { level, peakChildren, children, foldedInto } = incident;
  const { place } = useIncidentNames(incident);
  const reach = incidentReach(incident, language);
  const evidence = formatEvidence(incident.evidence, metricOf(incident.kind)?.unit, language);
  return (
    <section className="panel" aria-label={own.place}>
      <dl className="facts" data-testid="incident-facts">
        <Fact name={own.place}>
          {place}
          {siteCode !== null && (
            <>
              {' · '}
              <Link href={`/ppe/${siteCode}`}>
                {page.ppe} {siteCode}
              </Link>
            </>
          )}
          {workstationId !== null && (
            <>
              {' · '}
              <Link href={`/workstations/${workstationId}`}>{page.workstation}</Link>
            </>
          )}
        </Fact>
        {provider !== null && level !== 'provider' && <Fact name={own.provider}>{provider}</Fact>}
        {reach !== '' && (
          <Fact name={own.reach}>
            {reach}
            {peakChildren > children && ` · ${own.atMost(number(peakChildren))}`}
          </Fact>
        )}
        <SiteCodes incident={incident} />
        {evidence !== '' && <Fact name={own.evidence}>{evidence}</Fact>}
        <Fact name={own.openedAt}>{time(openedAtMs)}</Fact>
        {resolvedAtMs !== null && (
          <Fact name={own.endedAt}>
            {time(resolvedAtMs)} · {texts.resolutions[resolution ?? 'other']}
          </Fact>
        )}
        {foldedInto !== null && (
          <Fact name={own.endedAt}>
            <Link href={`/incidents/${foldedInto}`}>{own.foldedInto(foldedInto)}</Link>
          </Fact>
        )}
      </dl>
    </section>
  );
}

function SiteCodes({ incident }: { readonly incident: Incident }) {
  const { own, number } = useIncidentWords();
  const { siteCodes, sites, siteCode } = incident;
  if (siteCode !== null || siteCodes.length === 0) return null;
  return (
    <Fact name={own.sitesOf}>
      {siteCodes.map((code) => (
        <Link key={code} href={`/ppe/${code}`} className="site-code">
          {code}
        </Link>
      ))}
      {sites > siteCodes.length && own.moreSites(number(sites - siteCodes.length))}
    </Fact>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
