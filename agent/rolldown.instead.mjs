/** What the installed agent is made of instead of what its modules name: smaller, and lighter to start. */
import { builtinModules, createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { leftOut } from './rolldown.left-out.mjs';

const load = createRequire(import.meta.url);

/** Of a schema library the part that reads values by schemas; no code is made of them. */
const compileByReading = `
  import { Check, Errors } from 'typebox/schema';
  export function Compile(schema) {
    return {
      Check: (value) => Check(schema, value),
      Errors: (value) => Errors(schema, value)[1],
    };
  }
`;

/** As ES modules, of which only what reads is taken. */
const yaml = join(dirname(load.resolve('yaml/package.json')), 'browser', 'dist', 'index.js');
const typebox = dirname(load.resolve('typebox'));

/** The one format that schemas name; the others bring tables of all scripts. */
const formatOfTimes = `
  import { IsDateTime } from ${JSON.stringify(join(typebox, 'format', 'date_time.mjs'))};
  export const Format = {
    Test: (name, value) => {
      if (name !== 'date-time') throw new Error('format ' + name + ' is not in this agent');
      return IsDateTime(value);
    },
  };
`;

/** The kinds of schema that are used. The library's own list brings its language of types with it. */
const kinds = ['Array', 'Boolean', 'Enum', 'Integer', 'Literal', 'Null', 'Number', 'Object'];
const moreKinds = ['String', 'Tuple', 'Union', 'Unknown'];
const types = [...kinds, ...moreKinds].map((kind) => {
  const file = join(typebox, 'type', 'types', `${kind.toLowerCase()}.mjs`);
  return `export { ${kind} } from ${JSON.stringify(file)};`;
});
const typesAlone = `
  ${types.join('\n')}
  export { Optional } from ${JSON.stringify(join(typebox, 'type', 'types', '_optional.mjs'))};
  import { RecordFromPattern } from ${JSON.stringify(join(typebox, 'type', 'types', 'record.mjs'))};
  export function Record(key, value, options) {
    if (key.pattern === undefined) throw new Error('keys of a record need a pattern');
    return Object.assign(RecordFromPattern(key.pattern, value), options);
  }
`;
/** Kinds of schema that no settings have. */
const noDefaults = ['Cyclic', 'Intersect', 'Ref'];

/**
 * Modules that are another one in what is installed: whose, by what name, and what it is then. Of the
 * inventory's library two parts of seventeen are used, and no address of a network card.
 */
const others = [
  {
    id: /^systeminformation$/,
    text: `
      import * as util from 'systeminformation/lib/util.js';
      // As the library's first file does it, which is left out here.
      if (process.platform === 'win32') {
        util.getCodepage();
        util.getPowershell();
      }
      export { osInfo } from 'systeminformation/lib/osinfo.js';
      export { cpu } from 'systeminformation/lib/cpu.js';
    `,
  },
  {
    id: /^\.\/network$/,
    of: /systeminformation/,
    text: 'export const getMacAddresses = () => ({});',
  },
  { id: /^typebox$/, text: "export * as Type from 'types-alone';" },
  { id: /^types-alone$/, text: typesAlone },
  ...noDefaults.map((kind) => ({
    id: new RegExp(`^\\./from_${kind.toLowerCase()}\\.mjs$`),
    of: /value.default/,
    text: `export function From${kind}() { throw new Error('${kind} is not in this agent'); }`,
  })),
  { id: /^yaml$/, text: `export { parse } from ${JSON.stringify(yaml)};` },
  { id: /^typebox\/compile$/, text: compileByReading },
  { id: /^(?:\.\.\/)+format\/index\.mjs$/, of: /typebox/, text: formatOfTimes },
];

/** Builtin modules, of which only what is named is touched. */
const PREFIX = '\0instead:';

/**
 * The modules above, and the runtime's own: imported as ES modules those have all of their exports
 * evaluated, also those that load undici, web cryptography and the like, 5 MB on Node 24.
 */
export const otherModules = (version) => ({
  name: 'other-modules',
  resolveId(id, importer = '', { kind } = {}) {
    if (/^\.\.?\/version\.js$/.test(id))
      return /agent.dist/.test(importer) ? `${PREFIX}version` : null;
    const name = id.replace(/^node:/, '');
    if (kind === 'import-statement' && builtinModules.includes(name))
      return `${PREFIX}node:${name}`;
    const at = others.findIndex((each) => each.id.test(id) && (each.of?.test(importer) ?? true));
    return at < 0 ? null : `${PREFIX}${at}`;
  },
  transform: leftOut,
  load(id) {
    if (!id.startsWith(PREFIX)) return null;
    const what = id.slice(PREFIX.length);
    if (what === 'version') return `export const AGENT_VERSION = ${JSON.stringify(version)};`;
    return what.startsWith('node:') ? builtin(what) : others[Number(what)].text;
  },
});

function builtin(name) {
  const names = Object.keys(load(name)).filter((each) => /^[a-zA-Z_]\w*$/.test(each));
  const lines = names.map((each) => `export const ${each} = /* @__PURE__ */ $get('${each}');`);
  return `
    const $module = /* @__PURE__ */ process.getBuiltinModule('${name}');
    const $get = (name) => $module[name];
    ${lines.filter((each) => !each.startsWith('export const default')).join('\n')}
    export default $module;
  `;
}

/** Letters of other scripts as escapes: V8 then keeps the program in one byte a letter, not two. */
export const oneByteLetters = {
  name: 'one-byte-letters',
  renderChunk: {
    order: 'post',
    handler: (code) =>
      code.replaceAll(
        /[^\0-\x7F]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
  },
};
