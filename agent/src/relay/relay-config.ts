import { Type, type Static } from '@ppe-pulse/protocol/schema';

/**
 * The relay of a Штаб: on where its enrolment brought a certificate or it is `enabled`, or started with
 * `run --relay`; `enabled: false` keeps it off.
 */
export const RelaySchema = Type.Object(
  {
    enabled: Type.Boolean({ default: false }),
    /** Where workstations of the ППЭ find it on the LAN; their `collector.url` names it. */
    host: Type.String({ minLength: 1, maxLength: 255, default: '0.0.0.0' }),
    port: Type.Integer({ minimum: 0, maximum: 65_535, default: 8_085 }),
    /**
     * PEM of the certificate over this PC's key that the collector's authority gave it for its ППЭ.
     * Enrolment by a file brings it.
     */
    certificate: Type.Optional(
      Type.String({ pattern: '^-----BEGIN CERTIFICATE-----', maxLength: 20_000 }),
    ),
    /** Listens on the LAN without a certificate: everything that members say is readable there. */
    insecure: Type.Boolean({ default: false }),
    /** What is kept of each workstation while the uplink is cut: 64 MiB hold four days at 5 s. */
    spool: Type.Object(
      { maxBytes: Type.Integer({ minimum: 1_000_000, default: 67_108_864 }) },
      { default: {} },
    ),
    /** The page of the Штаб, on this PC only. */
    page: Type.Object(
      {
        port: Type.Integer({ minimum: 0, maximum: 65_535, default: 8_087 }),
        /** Folder of the built page; missing: the one that came with the agent. */
        dir: Type.Optional(Type.String({ minLength: 1 })),
      },
      { default: {} },
    ),
  },
  { default: {} },
);
export type RelayConfig = Static<typeof RelaySchema>;
