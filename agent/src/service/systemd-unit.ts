import { SERVICE_FLAGS, type ServiceSpec } from './service-control.ts';

/** Says that this program wrote the unit, and may take it away. */
export const UNIT_MARK = '# Written by ppe-agent service install.';
/** Names below /var/lib and of the user that exists while the service runs. */
export const SERVICE_USER = 'ppe-pulse-agent';
const STATE_DIR = `/var/lib/${SERVICE_USER}`;

/** What the unit depends on beside the paths. */
export interface UnitWorld {
  /** systemd 247 hands files of root over to a service: its settings stay closed to everybody else. */
  readonly hasCredentials: boolean;
  /** Of lp, scanner, audio and video those that this system has. */
  readonly groups: readonly string[];
}

/**
 * The unit of an agent that runs from its own folder: what the package's unit is for an installed one.
 * Everything that it does not need is taken away; `--jitless` is what allows MemoryDenyWriteExecute.
 */
export function systemdUnit(spec: ServiceSpec, world: UnitWorld): string {
  const settings = world.hasCredentials ? '${CREDENTIALS_DIRECTORY}/agent.yaml' : spec.config;
  const command = [
    quoted(spec.runtime),
    ...SERVICE_FLAGS,
    quoted(spec.script),
    'run --config',
    world.hasCredentials ? `"${settings}"` : quoted(settings),
  ].join(' ');
  const lines = [
    UNIT_MARK,
    '[Unit]',
    'Description=ППЭ·Пульс агент (PPE-Pulse agent)',
    'After=network.target cups.service',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=notify',
    'NotifyAccess=main',
    `ExecStart=${command}`,
    ...(world.hasCredentials ? [`LoadCredential=agent.yaml:${spec.config}`] : []),
    `Environment=PPE_PULSE_DATA_DIR=${STATE_DIR}`,
    'Restart=always',
    'RestartSec=2',
    // A wrong setting is a person's to put right; until then a look a minute would only fill the journal.
    'RestartPreventExitStatus=78',
    'WatchdogSec=30',
    'TimeoutStopSec=5',
    ...(world.groups.length > 0 ? [`SupplementaryGroups=${world.groups.join(' ')}`] : []),
    ...hardening,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ];
  return `${lines.join('\n')}\n`;
}

const hardening: readonly string[] = [
  'DynamicUser=yes',
  `User=${SERVICE_USER}`,
  `StateDirectory=${SERVICE_USER}`,
  'StateDirectoryMode=0700',
  'UMask=0077',
  'Nice=5',
  'OOMScoreAdjust=-100',
  'MemoryMax=256M',
  'CPUQuota=25%',
  'TasksMax=64',
  'LimitCORE=0',
  'MemoryDenyWriteExecute=yes',
  'NoNewPrivileges=yes',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'ProtectSystem=strict',
  'ProtectHome=read-only',
  'PrivateTmp=yes',
  // Scanners and sound cards are devices; nothing else is opened.
  'DevicePolicy=closed',
  'DeviceAllow=char-usb_device rw',
  'DeviceAllow=char-alsa rw',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelLogs=yes',
  'ProtectControlGroups=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'ProtectProc=default',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'RemoveIPC=yes',
  'KeyringMode=private',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources @obsolete',
  'SystemCallErrorNumber=EPERM',
];

/** One word of a command line of systemd: quoted, and nothing in it means anything. */
function quoted(word: string): string {
  const plain = word.replaceAll(/["\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$');
  return `"${plain}"`;
}
