/** The package for group policy. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { must, needs } from './run.mjs';
import { put, settle, write } from './tree.mjs';
import { writeWindowsTree } from './windows-tree.mjs';

/** All versions of the product are one, for Windows. */
const UPGRADE_CODE = '6A2D5B7E-9C0F-4E64-9E2B-0B4C7F5D1A31';

/** Makes the package in `out`; answers its path. */
export function makeMsi({ root, from, work, out, updateRoot, epochSeconds }) {
  needs('wixl');
  const tree = join(work, 'msi');
  const version = writeWindowsTree({ root, from, to: tree, updateRoot, epochSeconds });
  put(join(root, 'deploy/package/windows/agent.yaml'), join(tree, 'agent.first.yaml'));
  settle(tree, epochSeconds);
  const description = join(work, 'agent.wxs');
  write(description, wxsOf({ version, tree }));
  const path = join(out, `ppe-pulse-agent-${version}-x64.msi`);
  // It finds files by paths from where it runs, and no others.
  must('wixl', ['-a', 'x64', '-o', path, description], {
    cwd: work,
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epochSeconds) },
  });
  return path;
}

/** Where the agent is run with its words in a file, and with which settings. */
const RUN = '"[SETTINGSDIR]install.log" "[INSTALLDIR]launcher.mjs"';
const BY = '--config "[SETTINGSDIR]agent.yaml"';
/**
 * What the installer runs: hidden, as the system itself, with the settings of this PC. An older version is removed when the
 * new one is there: settings that somebody changed stay. Not everybody who removes the older one says that it is for
 * the newer (wine does not): what ends a service and forgets a PC looks for itself whose the removal is.
 */
const ACTIONS = [
  ['ServiceStop', 'ignore', RUN, 'service stop', BY],
  ['ServiceUninstall', 'ignore', '--of VERSION', RUN, 'service uninstall', BY],
  ['Forget', 'ignore', '--of VERSION', '"[SETTINGSDIR]."'],
  ['Settings', 'check', '--settings "[SETTINGSDIR]."'],
  ['ServiceInstall', 'check', RUN, 'service install', BY],
  ['Enroll', 'check', RUN, 'enroll "[ENROLL]" [ENROLL_OPTIONS]', BY],
  // Whoever is not enrolled yet has nobody to talk to: it is started again by the enrolment.
  ['ServiceStart', 'ignore', RUN, 'service start', BY],
];

function wxsOf({ version, tree }) {
  const files = [];
  const folders = foldersOf(tree, '', files);
  const actions = ACTIONS.map(([id, outcome, ...words]) => {
    const said = `"[INSTALLDIR]logged.mjs" ${escaped(words.join(' ').replaceAll('VERSION', version))}`;
    return `<CustomAction Id="${id}" FileKey="${idOf('node.exe')}" Execute="deferred" Impersonate="no" Return="${outcome}" ExeCommand='${said}' />`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Product Id="${guidOf(`product ${version}`)}" Name="PPE-Pulse agent" Language="1049" Codepage="1251"
           Version="${version}" Manufacturer="PPE-Pulse" UpgradeCode="${UPGRADE_CODE}">
    <Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine" />
    <Upgrade Id="${UPGRADE_CODE}">
      <UpgradeVersion Minimum="0.0.0" IncludeMinimum="yes" Maximum="${version}" IncludeMaximum="no"
                      Property="OLDER" />
    </Upgrade>
    <Property Id="ENROLL" />
    <Property Id="ENROLL_OPTIONS" />
    <Media Id="1" Cabinet="agent.cab" EmbedCab="yes" />
    <Directory Id="TARGETDIR" Name="SourceDir">
      <Directory Id="ProgramFiles64Folder">
        <Directory Id="VENDORDIR" Name="PPE-Pulse">
          <Directory Id="INSTALLDIR" Name="Agent">${folders}</Directory>
        </Directory>
      </Directory>
      <Directory Id="CommonAppDataFolder">
        <Directory Id="SETTINGSDIR" Name="PPE-Pulse" />
      </Directory>
    </Directory>
    ${actions.join('\n    ')}
    <InstallExecuteSequence>
      <Custom Action="ServiceStop" After="ProcessComponents">OLDER</Custom>
      <Custom Action="ServiceUninstall" After="ServiceStop">REMOVE="ALL" AND NOT UPGRADINGPRODUCTCODE</Custom>
      <Custom Action="Forget" After="ServiceUninstall">REMOVE="ALL" AND NOT UPGRADINGPRODUCTCODE</Custom>
      <Custom Action="Settings" After="InstallFiles">NOT REMOVE</Custom>
      <Custom Action="ServiceInstall" After="Settings">NOT REMOVE</Custom>
      <Custom Action="Enroll" After="ServiceInstall">ENROLL AND NOT REMOVE</Custom>
      <Custom Action="ServiceStart" After="Enroll">NOT REMOVE</Custom>
      <RemoveExistingProducts After="InstallFinalize" />
    </InstallExecuteSequence>
    <Feature Id="Agent" Level="1">
      ${files.map((each) => `<ComponentRef Id="C${idOf(each)}" />`).join('\n      ')}
    </Feature>
  </Product>
</Wix>
`;
}

/** A component a file, a folder in a folder; the paths are collected on the way. */
function foldersOf(folder, below, files) {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map((each) => {
      const path = below === '' ? each.name : `${below}/${each.name}`;
      const whole = join(folder, each.name);
      if (each.isDirectory())
        return `<Directory Id="D${idOf(path)}" Name="${each.name}">${foldersOf(whole, path, files)}</Directory>`;
      files.push(path);
      return `<Component Id="C${idOf(path)}" Guid="${guidOf(path)}" Win64="yes"><File Id="${idOf(path)}" Source="msi/${path}" KeyPath="yes" /></Component>`;
    })
    .join('\n');
}

function idOf(path) {
  return `F${createHash('sha256').update(path).digest('hex').slice(0, 24)}`;
}

/** The same for the same words: a random one would make each build another product. */
function guidOf(words) {
  const hex = createHash('sha256').update(`ppe-pulse-agent ${words}`).digest('hex').toUpperCase();
  const cut = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `A${hex.slice(17, 20)}`];
  return [...cut, hex.slice(20, 32)].join('-');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll("'", '&apos;');
}
