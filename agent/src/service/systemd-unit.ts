import type { ServiceSpec } from './service-control.ts';

/** Says that this program wrote the unit, and may take it away. */
export const UNIT_MARK = '# Written by ppe-agent service install.';
/** Name below /var/lib. */
const SERVICE_USER = 'ppe-pulse-agent';
const STATE_DIR = `/var/lib/${SERVICE_USER}`;

/** What the unit depends on beside the paths. */
export interface UnitWorld {
  /** systemd 247 hands files of root over to a service: its settings stay closed to everybody else. */
  readonly hasCredentials: boolean;
}

/**
 * The unit of an agent that runs from its own folder: what the package's unit is for an installed one.
 * Everything that it does not need is taken away; `--jitless` is what allows MemoryDenyWriteExecute.
 */
export function systemdUnit(spec: ServiceSpec, world: UnitWorld): string {
  const command = [
    program(spec.runtime),
    ...spec.flags,
    quoted(spec.script),
    'run --config',
    quoted(spec.config),
  ].join(' ');
  const lines = [
    UNIT_MARK,
    '[Unit]',
    'Description=ППЭ·Пульс агент (PPE-Pulse agent)',
    'After=network.target',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=notify',
    'NotifyAccess=main',
    `ExecStart=${command}`,
    ...(world.hasCredentials
      ? [`LoadCredential=agent.yaml:${spec.config.replaceAll('%', '%%')}`]
      : copiedSettings(spec.config)),
    `Environment=PPE_PULSE_DATA_DIR=${STATE_DIR}`,
    'Restart=always',
    'RestartSec=2',
    // A wrong setting is a person's to put right; until then a look a minute would only fill the journal.
    'RestartPreventExitStatus=64 78 243',
    'WatchdogSec=30',
    'TimeoutStartSec=60',
    'TimeoutStopSec=10',
    'KillMode=mixed',
    'OOMPolicy=stop',
    ...hardening,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ];
  return `${lines.join('\n')}\n`;
}

/** What LoadCredential= does, by hand: root copies them to where the user of the service alone reads. */
function copiedSettings(config: string): string[] {
  const place = `/run/${SERVICE_USER}`;
  const copy = `install -m 0400 -o "$$(stat -L -c %%u ${place})" "$$1" ${place}/agent.yaml`;
  return [
    `RuntimeDirectory=${SERVICE_USER}`,
    'RuntimeDirectoryMode=0700',
    `ExecStartPre=+/bin/sh -c 'exec ${copy}' sh ${quoted(config)}`,
    `Environment=CREDENTIALS_DIRECTORY=${place}`,
  ];
}

const hardening: readonly string[] = [
  'DynamicUser=yes',
  `StateDirectory=${SERVICE_USER}`,
  'StateDirectoryMode=0700',
  'UMask=0077',
  'MemoryHigh=160M',
  'MemoryMax=256M',
  'CPUQuota=50%',
  'TasksMax=64',
  'LimitNOFILE=1024',
  'LimitCORE=0',
  'Nice=5',
  'IOSchedulingClass=idle',
  // Its lines must not drive those of others out of the journal.
  'LogRateLimitIntervalSec=30s',
  'LogRateLimitBurst=200',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'NoNewPrivileges=yes',
  'PrivateDevices=yes',
  'DevicePolicy=closed',
  'PrivateTmp=yes',
  'PrivateMounts=yes',
  'ProtectSystem=strict',
  // The folder may lie in a home.
  'ProtectHome=read-only',
  'ProtectProc=default',
  'ProcSubset=all',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'ProtectControlGroups=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'MemoryDenyWriteExecute=yes',
  'RemoveIPC=yes',
  'KeyringMode=private',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources @mount @debug @cpu-emulation @obsolete',
  'SystemCallErrorNumber=EPERM',
];

/** The program itself: variables are not looked for in it. */
function program(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`;
}

/** One word of a command line of systemd: quoted, and nothing in it means anything. */
function quoted(word: string): string {
  const plain = word.replaceAll(/["\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$');
  return `"${plain}"`;
}
