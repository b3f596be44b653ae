import type { Reason } from '../checks/reasons.ts';

/** One camera's stream as it was last seen. The picture itself is never looked at here or kept. */
export interface CameraFacts {
  readonly transport: 'tcp' | 'udp' | 'http';
  /** `streaming`, or why there is no stream. */
  readonly state: 'streaming' | 'stalled' | 'none';
  /** Why `none`: `refused`, `unauthorised`, `notFound`… */
  readonly failure?: Reason;
  /** Undefined before the first window, and where frames are not told apart (HLS). */
  readonly fps?: number;
  readonly width?: number;
  readonly height?: number;
  /** Of the video; undefined where it is not known. */
  readonly codec?: 'h264' | 'h265' | 'jpeg';
  /** Sound comes; undefined where the way of transport does not tell (MJPEG, HLS). */
  readonly hasAudio?: boolean;
  readonly lossRatio: number;
  /** Since the last frame; of a sample, at its end. Undefined when there was never one. */
  readonly lastFrameAgeMs?: number;
  /** What the sizes of frames suggest, and what a look at decoded frames found. */
  readonly picture: 'moving' | 'frozenSuspected' | 'blackSuspected' | 'frozen' | 'black';
  /** Time without video from any camera of the room since the agent's start, nights left out. */
  readonly outageMs: number;
  /** Another camera of the same room streams: one of two is amber, none is red. */
  readonly isOtherStreaming: boolean;
}
