import { useMunicipalityNames } from '../incidents/MunicipalityNames.tsx';
import type { RoutingDocument, WebhookAnswer } from './alert-shapes.ts';
import { routeText } from './route-text.ts';
import { useAlertWords } from './use-alert-words.ts';

/** The routes that hold, each in a sentence or two. */
export function RoutingSummary({
  routing,
  webhooks,
}: {
  readonly routing: RoutingDocument;
  readonly webhooks: readonly WebhookAnswer[];
}) {
  const words = useAlertWords();
  const municipalities = useMunicipalityNames();
  const names = { webhooks: new Map(webhooks.map(({ id, name }) => [id, name])), municipalities };
  return (
    <ol className="log" data-testid="routes">
      {routing.routes.map((route) => (
        <li key={route.name}>
          <strong>{route.name}</strong>: {routeText(words, route, names)}
        </li>
      ))}
    </ol>
  );
}
