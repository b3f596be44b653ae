import { Type, type Static } from '@ppe-pulse/protocol/schema';
import { Secret } from '@ppe-pulse/protocol/settings';

/** One camera's stream in `agent.yaml`. Credentials stand apart from the address. */
export const CameraSchema = Type.Object({
  /** `rtsp://…`, `http(s)://…/….m3u8` for HLS, any other `http(s)://…` for Motion-JPEG. */
  url: Type.String({ pattern: '^(rtsp|https?)://[^/@\\s]+(/\\S*)?$', maxLength: 500 }),
  username: Type.Optional(Type.String({ maxLength: 100 })),
  password: Type.Optional(Secret({ maxLength: 200 })),
  transport: Type.Enum(['tcp', 'udp'], { default: 'tcp' }),
  /** Cameras of one room make up for each other. Missing: the room of this workstation. */
  room: Type.Optional(Type.String({ pattern: '^[0-9]{4}$' })),
  /** `sample`: 12 s a minute, so that a weak camera keeps its sessions; `always`: without a pause. */
  watch: Type.Enum(['sample', 'always'], { default: 'sample' }),
  /**
   * Let ffmpeg, where it is installed, look for some seconds at a picture that seems to stand still,
   * and every ten minutes at any: an encoder of a constant rate hides a frozen one.
   */
  confirm: Type.Boolean({ default: false }),
});
export type CameraConfig = Static<typeof CameraSchema>;
