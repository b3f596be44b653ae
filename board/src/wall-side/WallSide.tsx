import '../incidents/incidents.css';
import './wall-side.css';
import './mass-loss.css';
import './pictures.css';
import type { Density } from '../display/density.ts';
import { IncidentTime } from '../incidents/IncidentTime.tsx';
import { CameraPanel } from './CameraPanel.tsx';
import { MunicipalityMap } from './MunicipalityMap.tsx';
import { ProblemPanel } from './ProblemPanel.tsx';
import { Spoken } from './Spoken.tsx';
import { TrendPanel } from './TrendPanel.tsx';
import { useWallSideWords } from './use-wall-side-words.ts';

/**
 * The wall's right column: problems, the map of municipalities, the trend of the download, cameras. In a
 * hall it is the whole wall below the counts. Fills the box that it is given and never scrolls.
 */
export function WallSide({ density = 'wall' }: { readonly density?: Density }) {
  const { side } = useWallSideWords();
  return (
    <IncidentTime>
      <section className={`wall-side wall-side-${density}`} aria-label={side.side}>
        <ProblemPanel density={density} />
        <div className="side-pictures">
          <MunicipalityMap />
          <div className="side-figures">
            {density !== 'hall' && <TrendPanel />}
            <CameraPanel />
          </div>
        </div>
        <Spoken />
      </section>
    </IncidentTime>
  );
}
