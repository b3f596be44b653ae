/** Mains, battery and uninterruptible supply. */
export interface PowerFacts {
  readonly isOnMains: boolean;
  /** 0…1, undefined without a battery. */
  readonly chargeRatio?: number;
  /** Left on battery, undefined where the system does not tell. */
  readonly runtimeMs?: number;
  /** The UPS itself says that its battery is to be replaced, nearly empty, or switched past. */
  readonly isBatteryUnfit?: boolean;
}

/** The largest connected screen. */
export interface ScreenFacts {
  readonly width: number;
  readonly height: number;
}

/** What of the required list is installed. Names are those of the configuration. */
export interface SoftwareFacts {
  readonly missingRequired: readonly string[];
  readonly missingOptional: readonly string[];
  readonly found: number;
}

/** The PC's own time zone against the one it should have. */
export interface ZoneFacts {
  readonly zone: string;
  /** Minutes east of UTC now. */
  readonly offsetMinutes: number;
  readonly expectedZone: string;
  readonly expectedOffsetMinutes: number;
}
