import type { SoundCounts } from '../probes/sound/sound-devices.ts';
import type { NativeLibraries } from './native-libraries.ts';

const prototypes = {
  inputs: 'uint32 __stdcall waveInGetNumDevs()',
  outputs: 'uint32 __stdcall waveOutGetNumDevs()',
};

/**
 * Devices that play and that record (winmm.dll), for the probe child only; whether they are muted is
 * not told here. Tried under wine; unverified on Windows.
 */
export async function soundCounts(libraries: NativeLibraries): Promise<SoundCounts> {
  const calls = await libraries.bind('winmm.dll', prototypes);
  return { outputs: Number(calls.outputs()), inputs: Number(calls.inputs()) };
}
