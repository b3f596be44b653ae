#!/usr/bin/env node
/**
 * `npm run up`: from a fresh clone to a live board of this machine with one command. Plain Node
 * without packages: a fresh clone has none yet.
 */
import { spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { networkInterfaces } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildIfNeeded, installIfNeeded } from './prepare.mjs';
import { forgetPlayedDay, importPlan, playOf, playingCollector } from './rehearsal.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** The collector and its commands. */
const script = join(root, 'server', 'dist', 'bundle', 'main.js');
const USAGE = 64;
const READY_DEADLINE_MS = 30_000;
const AGENT_STOP_MS = 6_000;
const COLLECTOR_STOP_MS = 12_000;
/** ППЭ that a region, and a country, has. */
const SITES = [1, 6_000];
/** A small young generation: 246 → 229 MB at 3,000 workstations, CPU the same. */
const COLLECTOR_FLAGS = ['--max-semi-space-size=4'];

const help = `npm run up [-- options]
  --port 8080        port of the board and the API
  --host 127.0.0.1   address to listen on
  --data DIR         data folder (default ./data)
  --no-agent         no agent of this machine
  --simulate N       adds N simulated ППЭ (1 to 6000), marked as such on the board
  --plan FILE        the plan of a rehearsal (YAML); with --simulate its day is played
                     by a sample region of N ППЭ, РЦОИ and commissions, in ./data/played
  --speed X          how much faster the day is played (default 60)
  --start HH:MM      when the played day starts (default 06:30), or an RFC 3339 time
  --script FILE      what goes wrong (default server/scenarios/day-15-may.yaml)
  --minutes N        stop after so many minutes
  --once             stop when the played day is over; exit 1 when it went otherwise
                     than scripted
  --tls              speak TLS by a certificate of this collector's own authority, made at first
  --insecure         listen beyond this machine although there is no TLS
  --help             this text`;

const options = readOptions();
const startedMs = performance.now();
const children = [];
let isStopping = false;

process.on('SIGINT', () => void stopAll(0));
process.on('SIGTERM', () => void stopAll(0));
process.on('SIGHUP', () => void stopAll(0));
await up();

async function up() {
  installIfNeeded(root);
  buildIfNeeded(root);
  const collectorDir = join(options.data, 'collector');
  mkdirSync(collectorDir, { recursive: true });
  if (options.play && !options.isOwnData) forgetPlayedDay(collectorDir);
  if (options.tls) makeCertificate(collectorDir);
  const collector = startCollector(collectorDir);
  const url = await ready(collector, collectorDir);
  const site = { url, collectorDir };
  if (options.agent) await startAgent(site);
  if (options.plan !== undefined) await prepareRehearsal(site);
  if (options.simulate !== undefined) startSimulator(site, options);
  const link = await ask(site, 'POST', '/api/v1/sign-in-links');
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  console.log(`
  ППЭ·Пульс работает / is running (${seconds} s)

  Табло / board:  ${url}${link.path}
                  (ссылка одноразовая, 15 минут / one-time link, 15 minutes)
  Токен / token:  ${join(collectorDir, 'admin.token')}
  Остановить / stop: Ctrl-C
`);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '8080' },
        host: { type: 'string', default: '127.0.0.1' },
        data: { type: 'string' },
        'no-agent': { type: 'boolean', default: false },
        simulate: { type: 'string' },
        plan: { type: 'string' },
        speed: { type: 'string' },
        start: { type: 'string' },
        script: { type: 'string' },
        minutes: { type: 'string' },
        once: { type: 'boolean', default: false },
        tls: { type: 'boolean', default: false },
        insecure: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(help);
      process.exit(0);
    }
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
      throw new Error('--port needs a whole number from 0 to 65535');
    }
    const { simulate } = values;
    if (
      simulate !== undefined &&
      !(/^\d{1,4}$/.test(simulate) && inRange(Number(simulate), SITES))
    ) {
      throw new Error(`--simulate needs a whole number of ППЭ from ${SITES[0]} to ${SITES[1]}`);
    }
    const play = playOf(values);
    const lonely = ['script', 'minutes', 'once'].find((name) => values[name]);
    if (simulate === undefined && lonely) throw new Error(`--${lonely} goes with --simulate N`);
    // A played day is nobody's real one: it has a folder of its own, and no real agent in it.
    const data = resolve(values.data ?? (play ? join('data', 'played') : 'data'));
    const isOwnData = values.data !== undefined;
    return { ...values, play, data, isOwnData, agent: !values['no-agent'] && !play };
  } catch (error) {
    console.error(`up: ${error.message.split('\n')[0]}; see npm run up -- --help`);
    return process.exit(USAGE);
  }
}

/** Once: `ppe-collector tls init` for every name by which this machine may be asked. */
function makeCertificate(collectorDir) {
  if (existsSync(join(collectorDir, 'tls', 'server.crt'))) return;
  const isAny = ['0.0.0.0', '::'].includes(options.host);
  const own = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80'))
    .map(({ address }) => address);
  const names = (isAny ? own : [options.host]).flatMap((each) => ['--name', each]);
  const made = spawnSync(
    process.execPath,
    [script, 'tls', 'init', '--data', collectorDir, ...names],
    { encoding: 'utf8' },
  );
  if (made.status === 0) return;
  console.error(made.stderr.trim());
  process.exit(made.status ?? 1);
}

function startCollector(collectorDir) {
  const { port, host } = options;
  const board = join(root, 'board', 'dist');
  const flags = ['serve', '--data', collectorDir, '--port', port, '--host', host, '--board', board];
  const playing = playingCollector(options.play);
  flags.push(...playing.flags);
  if (options.insecure) flags.push('--insecure');
  return start('collector', [...COLLECTOR_FLAGS, script, ...flags], { env: playing.env });
}

async function startAgent(site) {
  const { url, collectorDir } = site;
  const agentDir = join(options.data, 'agent');
  mkdirSync(agentDir, { recursive: true });
  const configFile = join(agentDir, 'agent.yaml');
  const { publicKey: collectorKey } = await ask(site, 'GET', '/api/v1/collector');
  const ca = read(join(collectorDir, 'tls', 'ca.crt'));
  const trust = url.startsWith('https:') && ca !== '' ? { ca: `${ca}\n` } : {};
  // JSON is YAML: paths with spaces, colons and Cyrillic need no quoting rules of our own.
  const config = {
    collector: { url: url.replace(/^http/, 'ws'), publicKey: collectorKey, ...trust },
    dataDir: 'data',
    app: { pidFile: join(collectorDir, 'collector.pid') },
  };
  writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`);
  const main = join(root, 'agent', 'dist', 'bundle', 'main.js');
  const told = spawnSync(process.execPath, [main, 'identity', '--json', '--config', configFile]);
  if (told.status !== 0) return fail(String(told.stderr).trim(), told.status ?? 1);
  const { publicKey } = JSON.parse(String(told.stdout));
  const placement = { siteCode: '0000', roomCode: '7777', role: 'hq', duty: 'main' };
  await ask(site, 'POST', '/api/v1/workstations', { publicKey, placement });
  return start('agent', [main, 'run', '--config', configFile]);
}

/** A sample of a region, where the day of a plan is played by one, and the plan itself. */
async function prepareRehearsal(site) {
  const { plan, simulate } = options;
  if (simulate !== undefined)
    await ask(site, 'POST', '/api/v1/registry/sample', { ppe: Number(simulate) });
  try {
    importPlan({ script, collectorDir: site.collectorDir, plan });
  } catch (error) {
    await fail(error.message, 1);
  }
}

/** A fleet that is the same at every start; the collector's data keep its history. */
function startSimulator({ url, collectorDir }, { simulate, play, script: faults, minutes, once }) {
  const to = url.replace(/^http/, 'ws');
  const flags = ['simulate', '--to', to, '--token-file', join(collectorDir, 'admin.token')];
  flags.push(...(play ? ['--rehearsal'] : ['--ppe', simulate]));
  if (faults !== undefined) flags.push('--script', faults);
  if (minutes !== undefined) flags.push('--minutes', minutes);
  if (once) flags.push('--once');
  // What the day came to is for whoever started it.
  return start('simulator', [script, ...flags], { isHeard: play !== undefined });
}

function inRange(value, [from, to]) {
  return value >= from && value <= to;
}

/** Starts a child; its full log goes to a file, warnings and errors to this screen. */
function start(name, command, { env = {}, isHeard = false } = {}) {
  const log = createWriteStream(join(options.data, `${name}.log`), { flags: 'w' });
  const own = spawn(process.execPath, command, {
    stdio: ['ignore', isHeard ? 'inherit' : 'ignore', 'pipe'],
    env: { ...process.env, ...env },
    // Ctrl-C of a terminal goes to its whole group: only this process is to hear it, and to stop the
    // agent before the collector.
    detached: process.platform !== 'win32',
  });
  const child = { name, process: own, lastLine: '' };
  let rest = '';
  own.stderr.setEncoding('utf8').on('data', (text) => {
    log.write(text);
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) show(child, line);
  });
  child.ended = new Promise((done) => own.once('exit', (code) => done(code ?? 1)));
  void child.ended.then((code) => {
    if (isStopping) return undefined;
    // Its minutes or its day are over: that is how it was asked to end.
    const isWanted = name === 'simulator' && (options.once || options.minutes !== undefined);
    if (isWanted) return stopAll(code);
    console.error(
      `up: the ${name} ended (exit ${code}); its log: ${join(options.data, `${name}.log`)}`,
    );
    return stopAll(code === 0 ? 1 : code);
  });
  children.push(child);
  return child;
}

function show(child, line) {
  try {
    const { level, msg, ...rest } = JSON.parse(line);
    if (level >= 40) console.error(`${child.name}: ${msg} ${details(rest)}`);
  } catch {
    // Not a log line: a sentence for a person.
    console.error(line);
  }
}

function details({ time: _time, pid: _pid, ...rest }) {
  return Object.keys(rest).length > 0 ? JSON.stringify(rest) : '';
}

async function ready(collector, collectorDir) {
  const deadline = performance.now() + READY_DEADLINE_MS;
  while (performance.now() < deadline) {
    // An address that stands for every interface is no address to connect to.
    const url = read(join(collectorDir, 'collector.address'))
      .replace('//0.0.0.0:', '//127.0.0.1:')
      .replace('//[::]:', '//[::1]:');
    const isOwn = read(join(collectorDir, 'collector.pid')) === String(collector.process.pid);
    if (url && isOwn) {
      const site = { url, collectorDir };
      const answer = await send(site, 'GET', '/readyz').catch(() => undefined);
      if (answer?.status === 200) return url;
    }
    const ended = await Promise.race([collector.ended.then(() => true), pause(50)]);
    if (ended) return new Promise(() => undefined);
  }
  return fail('the collector did not get ready in 30 s', 1);
}

async function ask(site, method, path, body) {
  const token = read(join(site.collectorDir, 'admin.token'));
  const { status, text } = await send(site, method, path, { token, body });
  if (status >= 300) return fail(`${method} ${path}: ${text}`, 1);
  return JSON.parse(text);
}

function send({ url, collectorDir }, method, path, { token, body } = {}) {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(text
      ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
      : {}),
  };
  return new Promise((done, failed) => {
    const isTls = url.startsWith('https:');
    const request = isTls ? requestHttps : requestHttp;
    const how = { method, headers, timeout: 5_000, ...(isTls && ownTls(collectorDir)) };
    const asked = request(new URL(path, url), how, (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (part) => (answer += part));
      response.on('end', () => done({ status: response.statusCode ?? 500, text: answer }));
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer in 5 s')));
    asked.on('error', failed);
    asked.end(text);
  });
}

/** The collector that this script started is known by the certificate that it left, and by nothing else. */
function ownTls(collectorDir) {
  const pem = read(join(collectorDir, 'collector.cert'));
  const own = new X509Certificate(pem);
  return {
    ca: pem,
    allowPartialTrustChain: true,
    checkServerIdentity: (_host, { raw }) =>
      own.raw.equals(raw) ? undefined : new Error('another certificate than the collector left'),
  };
}

/** The agent first, so that it can say goodbye to a collector that still listens. */
async function stopAll(code) {
  if (isStopping) return;
  isStopping = true;
  for (const child of children.toReversed()) {
    if (child.process.exitCode !== null || child.process.signalCode !== null) continue;
    child.process.kill('SIGINT');
    const graceMs = child.name === 'agent' ? AGENT_STOP_MS : COLLECTOR_STOP_MS;
    await Promise.race([child.ended, pause(graceMs)]);
    if (child.process.exitCode === null) child.process.kill('SIGKILL');
  }
  process.exit(code);
}

async function fail(message, code) {
  console.error(`up: ${message}`);
  await stopAll(code);
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms, false));
}
