/** The sound server of the person at the PC: PulseAudio, or PipeWire in its place. */
export interface SoundServer {
  /** `unix:/run/user/1000/pulse/native`. Always given: without one, the tools would start a server. */
  readonly address: string;
  /** Where the server's key is, when it is another user's. */
  readonly cookiePath?: string;
}

/** `notSupported`: the recording tool is not installed; `unauthorised`: a key is needed, or another. */
export type SoundFailure = 'noServer' | 'notSupported' | 'badAnswer' | 'unauthorised';
