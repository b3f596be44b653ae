import type { Language } from '@ppe-pulse/protocol/texts';
import type { ServiceFaultKind, ServiceStatus } from '../service/service-control.ts';

/** Everything that `service` says to a person. */
interface ServiceTexts {
  readonly installed: string;
  readonly uninstalled: string;
  readonly started: string;
  readonly stopped: string;
  readonly foldersOpen: (path: string) => string;
  readonly states: Readonly<Record<ServiceStatus['state'], string>>;
  readonly service: string;
  readonly atBoot: string;
  readonly yes: string;
  readonly no: string;
  readonly command: string;
  readonly faults: Readonly<Record<ServiceFaultKind, string>>;
}

export const serviceTexts: Readonly<Record<Language, ServiceTexts>> = {
  ru: {
    installed: 'Служба установлена и будет запускаться вместе с компьютером',
    uninstalled: 'Служба удалена',
    started: 'Служба работает',
    stopped: 'Служба остановлена',
    foldersOpen: (path) => `права на ${path} не изменены: проверьте их у администратора`,
    states: {
      absent: 'не установлена',
      stopped: 'остановлена',
      starting: 'запускается',
      running: 'работает',
      stopping: 'останавливается',
      failed: 'сбой',
    },
    service: 'Служба',
    atBoot: 'Запуск вместе с компьютером',
    yes: 'да',
    no: 'нет',
    command: 'Команда',
    faults: {
      noManager:
        'здесь нет диспетчера служб (systemd или службы Windows): запускайте «ppe-agent run»',
      denied: 'нужны права администратора: повторите от его имени',
      notInstalled: 'служба не установлена: сначала «ppe-agent service install»',
      timeout: 'служба не ответила вовремя',
      packaged: 'служба выключена; сам пакет удаляют средствами системы (apt, rpm)',
      refused: 'диспетчер служб отказал',
    },
  },
  en: {
    installed: 'The service is installed and starts with the computer',
    uninstalled: 'The service is removed',
    started: 'The service is running',
    stopped: 'The service is stopped',
    foldersOpen: (path) => `the rights of ${path} were not changed: check them as an administrator`,
    states: {
      absent: 'not installed',
      stopped: 'stopped',
      starting: 'starting',
      running: 'running',
      stopping: 'stopping',
      failed: 'failed',
    },
    service: 'Service',
    atBoot: 'Starts with the computer',
    yes: 'yes',
    no: 'no',
    command: 'Command',
    faults: {
      noManager: 'no service manager here (systemd, services of Windows): use "ppe-agent run"',
      denied: 'an administrator must do this: run it again as one',
      notInstalled: 'the service is not installed: "ppe-agent service install" first',
      timeout: 'the service did not answer in time',
      packaged: 'the service is switched off; the package is removed by the system (apt, rpm)',
      refused: 'the service manager refused',
    },
  },
};
