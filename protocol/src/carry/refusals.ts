/** Why a part is not taken. The others of the same stick are. */
export const carryRefusals = [
  /** Not a regular file, or its name is not a part's. */
  'notAPart',
  'tooBig',
  /** The stick did not give it: pulled out, or worn. */
  'unreadable',
  /** Truncated or altered after it was signed. */
  'damaged',
  /** Not signed by the key that it names, or its id is not that key's. */
  'badSignature',
  /** Of a workstation that the importer does not know: another ППЭ's, or never enrolled. */
  'unknownWorkstation',
  /** The importer knows this workstation by another key. */
  'foreignKey',
  /** Of a format that this version does not know. */
  'unsupportedFormat',
] as const;
export type CarryRefusal = (typeof carryRefusals)[number];
