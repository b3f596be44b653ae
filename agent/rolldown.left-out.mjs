/**
 * What is left out of libraries, since the installed agent calls none of it and an update carries it
 * every time. A library that is written another way than expected here ends the build.
 */
const changes = [
  { file: /typebox.build.schema.engine.schema\.mjs$/, to: withoutKeywords },
  { file: /systeminformation.lib.(?:cpu|osinfo|util)\.js$/, to: asModule },
  { file: /node-cron.dist.node-cron\.js$/, to: withoutForks },
  { file: /yaml.browser.dist.stringify.\w+\.js$/, to: withoutWriting },
  { file: /yaml.browser.dist.doc.createNode\.js$/, to: withoutWriting },
  // Kinds of values of YAML 1.1; its merge keys stay.
  { file: /yaml-1\.1.(?:binary|bool|float|int|omap|pairs|schema|set|timestamp)\.js$/, to: nothing },
  { file: /ws.lib.permessage-deflate\.js$/, to: uncompressed },
  { file: /ws.lib.extension\.js$/, to: withoutExtensions },
  { file: /ws.lib.event-target\.js$/, to: withoutDomEvents },
  // Of systems that no agent is built for.
  { file: /pidusage.lib.ps\.js$/, to: () => "module.exports = () => { throw new Error('ps'); };" },
];

/** Keywords that no schema of protocol and agent has; what looks at them is left out. */
export const unusedKeywords = [
  '$dynamicRef',
  '$recursiveRef',
  '$ref',
  'allOf',
  'contains',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  'exclusiveMaximum',
  'if',
  'maxContains',
  'minContains',
  'multipleOf',
  'not',
  'oneOf',
  'prefixItems',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
  'uniqueItems',
];

/** The code of a file without what is left out of it; null for a file as it is. */
export function leftOut(code, id) {
  return changes.find(({ file }) => file.test(id))?.to(code, id) ?? null;
}

/**
 * A file of systeminformation as an ES module, of which the bundler takes what is used: two questions of
 * forty. Systems that no agent is built for are not asked about.
 */
function asModule(code, id) {
  const names = [];
  const text = code
    .replaceAll(/^exports\.(\w+) = \1;$/gm, (_, name) => {
      names.push(name);
      return '';
    })
    .replaceAll(/^const (_darwin|_freebsd|_netbsd|_openbsd|_sunos) = .*;$/gm, 'const $1 = false;')
    .replaceAll(/^const (\w+) = require\('([\w./]+)'\);$/gm, "import * as $1 from '$2';")
    .replaceAll(/^const (\w+) = require\('(\w+)'\)\.\1;$/gm, "import { $1 } from '$2';");
  if (names.length === 0 || /^(?:exports|module|const .*require)/m.test(text)) throw another(id);
  return `${text}\nexport { ${names.join(', ')} };`;
}

function withoutKeywords(code, id) {
  return unusedKeywords.reduce((text, keyword) => {
    const name = keyword.replace('$', '').replace(/^\w/, (letter) => letter.toUpperCase());
    const isThere = `Schema.Is${name}(schema)`;
    if (!text.includes(isThere)) throw another(id);
    return text.replaceAll(isThere, 'false');
  }, code);
}

/** Without tasks in processes of their own. */
function withoutForks(code, id) {
  const from = code.indexOf('class BackgroundScheduledTask {');
  const to = code.indexOf('function serializableOptions(');
  if (from < 0 || to < from) throw another(id);
  return `${code.slice(0, from)}class BackgroundScheduledTask {}\n${code.slice(to)}`;
}

/** Settings are read, never written. */
function withoutWriting(code, id) {
  const lines = namesIn(code, id).map((name) => `export const ${name} = notRead;`);
  return `
    function notRead() { throw new Error('settings need no such YAML, and it is not read'); }
    ${lines.join('\n')}
  `;
}

function nothing(code, id) {
  return namesIn(code, id)
    .map((name) => `export const ${name} = undefined;`)
    .join('\n');
}

function namesIn(code, id) {
  const list = /^export \{ ([\w, ]+) \};$/m.exec(code);
  if (!list) throw another(id);
  return list[1].split(', ');
}

/** Frames are small, and compressing them costs 5–90 times the CPU. */
function uncompressed(code, id) {
  if (!code.includes("return 'permessage-deflate';")) throw another(id);
  return `
    module.exports = class PerMessageDeflate {
      constructor() { throw new Error('frames are not compressed'); }
      static get extensionName() { return 'permessage-deflate'; }
    };
  `;
}

/** The only one is compression. */
function withoutExtensions(code, id) {
  if (!code.includes('module.exports = { format, parse };')) throw another(id);
  return `
    const none = () => { throw new Error('there are no extensions'); };
    module.exports = { format: none, parse: none };
  `;
}

/** Sockets are listened to as emitters, never as a page does it. */
function withoutDomEvents(code, id) {
  if (!code.includes('const EventTarget = {')) throw another(id);
  return 'module.exports = { EventTarget: {} };';
}

function another(id) {
  return new Error(`${id} is another one: look what of it is left out`);
}
