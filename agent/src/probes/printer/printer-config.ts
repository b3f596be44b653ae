import { Type, type Static } from '@ppe-pulse/protocol/schema';
import { Secret } from '@ppe-pulse/protocol/settings';

/** One printer in `agent.yaml`: every way to it that there is. */
export const PrinterSchema = Type.Object(
  {
    /** A CUPS queue or the printer itself. */
    ipp: Type.Optional(Type.String({ pattern: '^ipps?://[^/@\\s]+(/\\S*)?$' })),
    snmp: Type.Optional(
      Type.Object({
        host: Type.String({ minLength: 1, maxLength: 253 }),
        port: Type.Integer({ default: 161, minimum: 1, maximum: 65_535 }),
        community: Secret({ default: 'public', minLength: 1 }),
      }),
    ),
    /** Name of a queue of the Windows spooler. */
    winspool: Type.Optional(Type.String({ minLength: 1, maxLength: 220 })),
    /** Vendor and product of a USB printer, as `lsusb` prints them. */
    usb: Type.Optional(Type.String({ pattern: '^[0-9a-f]{4}:[0-9a-f]{4}$' })),
  },
  { minProperties: 1 },
);
export type PrinterConfig = Static<typeof PrinterSchema>;
