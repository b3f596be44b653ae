import { closeCodes, type CloseCode, type CloseCodeName } from './close-codes.ts';

/** The peer broke the protocol: its socket is closed with `close`. `detail` goes to the log only. */
export class ProtocolError extends Error {
  readonly close: CloseCode;
  readonly closeName: CloseCodeName;

  constructor(closeName: CloseCodeName, detail: string) {
    super(detail);
    this.name = 'ProtocolError';
    this.closeName = closeName;
    this.close = closeCodes[closeName];
  }
}
