import { Type } from '@ppe-pulse/protocol/schema';
import { SntpSchema } from './clock/sntp-probe.ts';
import { EmDownloadSchema } from './em-download/em-probe.ts';
import { IsolationSchema } from './internet/isolation-probe.ts';
import { PortalsSchema } from './portal/portal-probe.ts';
import { ReserveSchema } from './portal/reserve-probe.ts';
import { UplinkSchema } from './uplink/uplink-probe.ts';

/** What of the line is watched beside the way to the collector. */
export const LineSchema = Type.Object(
  {
    portals: PortalsSchema,
    reserve: Type.Optional(ReserveSchema),
    isolation: Type.Optional(IsolationSchema),
    sntp: Type.Optional(SntpSchema),
    uplink: Type.Optional(UplinkSchema),
    emDownload: Type.Optional(EmDownloadSchema),
  },
  { default: {} },
);
