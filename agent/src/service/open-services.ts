import { NativeLibraries } from '../child/native-libraries.ts';
import { ServiceFault, type ServiceControl } from './service-control.ts';

/** The service manager of this system. Throws a `ServiceFault` where there is none. */
export async function openServices(platform: NodeJS.Platform): Promise<ServiceControl> {
  if (platform === 'win32')
    return (await import('./windows-services.ts')).windowsServices(new NativeLibraries());
  if (platform === 'linux') return (await import('./systemd-services.ts')).systemdServices();
  throw new ServiceFault('noManager');
}
