/** Of an executable of Windows, where its headers name its signature (PE32+, x64). */
const HEADER_AT = 0x3c;
const OPTIONAL_HEADER = 24;
const MAGIC_PE32_PLUS = 0x20b;
const CHECKSUM = 64;
const CERTIFICATES = 144;

/**
 * The executable as it was before somebody signed it. What is put into a signed one breaks its signature,
 * and a broken signature says more against a program than none.
 */
export function withoutSignature(exe) {
  const optional = exe.readUInt32LE(HEADER_AT) + OPTIONAL_HEADER;
  if (exe.readUInt16LE(optional) !== MAGIC_PE32_PLUS) throw new Error('no executable for x64');
  const entry = optional + CERTIFICATES;
  const [at, size] = [exe.readUInt32LE(entry), exe.readUInt32LE(entry + 4)];
  if (at === 0) return exe;
  if (at + size !== exe.length)
    throw new Error('the signature is not at the end of the executable');
  const bare = Buffer.from(exe.subarray(0, at));
  for (const place of [entry, entry + 4, optional + CHECKSUM]) bare.writeUInt32LE(0, place);
  return bare;
}
