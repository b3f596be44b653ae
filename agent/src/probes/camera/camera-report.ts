import { deviceId, type CameraFacts, type Metrics } from '@ppe-pulse/protocol';
import type { StreamFailure } from './stream-failure.ts';
import type { StreamSnapshot } from './stream-stats.ts';

/** What a probe has seen of its camera. */
export interface CameraView {
  readonly transport: CameraFacts['transport'];
  readonly state: CameraFacts['state'];
  readonly failure: StreamFailure | undefined;
  readonly stream: StreamSnapshot | undefined;
  /** Undefined when there has never been a frame. */
  readonly lastFrameAgeMs: number | undefined;
  readonly picture: CameraFacts['picture'];
  readonly outageMs: number;
  readonly isOtherStreaming: boolean;
}

/** What the checks judge. */
export function cameraFacts(view: CameraView): CameraFacts {
  const { stream, state, lastFrameAgeMs } = view;
  const fps = state === 'streaming' ? stream?.numbers?.fps : 0;
  return {
    transport: view.transport,
    state,
    ...(state === 'none' ? { failure: view.failure ?? 'noStream' } : {}),
    ...(fps === undefined ? {} : { fps }),
    ...(stream?.codec ? { codec: stream.codec } : {}),
    ...stream?.size,
    ...(stream?.hasAudio === undefined ? {} : { hasAudio: stream.hasAudio }),
    lossRatio: stream?.numbers?.lossRatio ?? 0,
    ...(lastFrameAgeMs === undefined ? {} : { lastFrameAgeMs }),
    picture: state === 'streaming' ? view.picture : 'moving',
    outageMs: view.outageMs,
    isOtherStreaming: view.isOtherStreaming,
  };
}

/** The same as numbers for charts. A stream that is not there has none but zeros. */
export function cameraMetrics(device: number, { stream, ...view }: CameraView): Metrics {
  const isStreaming = view.state === 'streaming';
  const numbers = isStreaming ? stream?.numbers : undefined;
  const values: Readonly<Record<string, number | undefined>> = {
    'camera.fps': isStreaming ? numbers?.fps : 0,
    'camera.bytesPerSecond': isStreaming ? numbers?.bytesPerSecond : 0,
    'camera.loss.ratio': numbers?.lossRatio,
    'camera.jitter.ms': numbers?.jitterMs,
    'camera.keyFrame.ms': stream?.keyFrameAgeMs,
    'camera.lastFrame.ms': view.lastFrameAgeMs,
    'camera.width.pixels': stream?.size?.width,
    'camera.height.pixels': stream?.size?.height,
    'camera.outage.seconds': view.outageMs / 1_000,
  };
  const metrics: Metrics = {};
  for (const [id, value] of Object.entries(values)) {
    if (value !== undefined) metrics[deviceId(id, device)] = value;
  }
  return metrics;
}
