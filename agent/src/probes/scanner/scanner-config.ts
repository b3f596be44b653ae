import { Type, type Static } from '@ppe-pulse/protocol/schema';

/** One scanner in `agent.yaml`. */
export const ScannerSchema = Type.Object(
  {
    /** A network scanner's eSCL address: `http://host[:port][/eSCL]`. */
    escl: Type.Optional(Type.String({ pattern: '^https?://[^/@\\s]+(/\\S*)?$', maxLength: 300 })),
    /** Vendor and product of a USB scanner, as `lsusb` prints them. */
    usb: Type.Optional(Type.String({ pattern: '^[0-9a-f]{4}:[0-9a-f]{4}$' })),
    /** Device of SANE for the test scan, as `scanimage -L` prints it. */
    sane: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    /** A folder that replaces `/etc/sane.d`: with one backend in it no other is opened. */
    saneConfigDir: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
  },
  { minProperties: 1 },
);
export type ScannerConfig = Static<typeof ScannerSchema>;
