import { LiveFooter } from './LiveFooter.tsx';
import { Switches } from './Switches.tsx';

/** The footer of a page that is no wall: proof of life, theme and language. */
export function PageFooter() {
  return <LiveFooter end={<Switches />} />;
}
