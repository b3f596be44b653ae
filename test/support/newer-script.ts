import { parseSync } from 'oxc-parser';
import { api, builtins, firstChrome, isNewer, memberNames } from './browser-floor.ts';

/** A node of a parsed script, as far as this walk reads it. */
interface ScriptNode {
  readonly type: string;
  readonly [part: string]: unknown;
}

const members = memberNames();

/**
 * What a script uses that Chrome `floor` does not have: globals, methods of globals, methods that only
 * newer classes have, and newer forms of regular expressions. Syntax is the build target's business. Names
 * that the script defines itself are its own.
 */
export function newerScript(code: string, floor: number): string[] {
  const { program, errors } = parseSync('chunk.js', code, { sourceType: 'module' });
  if (errors.length > 0) return [`does not parse: ${errors[0]?.message}`];
  const own = new Set<string>();
  const found = new Set<string>();
  const nodes: ScriptNode[] = [];
  visit(program, (node) => {
    nodes.push(node);
    for (const name of definedBy(node)) own.add(name);
  });
  for (const node of nodes) for (const name of usedBy(node, floor, own)) found.add(name);
  return [...found].sort();
}

function usedBy(node: ScriptNode, floor: number, own: ReadonlySet<string>): string[] {
  if (node.type === 'Literal') return newerPattern(node, floor);
  if (node.type === 'NewExpression') {
    const name = nameOf(node.callee);
    return name !== undefined && !own.has(name) && isNewer(firstOfGlobal(name), floor)
      ? [name]
      : [];
  }
  if (node.type === 'CallExpression') return newerCall(node, floor, own);
  if (node.type === 'MemberExpression') {
    const name = nameOf(node.object);
    const member = node.computed === true ? undefined : nameOf(node.property);
    if (name !== undefined && member !== undefined && !own.has(name)) {
      if (isNewer(firstOfStatic(name, member), floor)) return [`${name}.${member}`];
    }
    return name !== undefined && !own.has(name) && isNewer(firstOfGlobal(name), floor)
      ? [name]
      : [];
  }
  return [];
}

function newerCall(node: ScriptNode, floor: number, own: ReadonlySet<string>): string[] {
  // `a.b?.()` asks whether it is there.
  if (node.optional === true) return [];
  const callee = node.callee as ScriptNode;
  const called = nameOf(callee);
  if (called !== undefined)
    return !own.has(called) && isNewer(firstOfGlobal(called), floor) ? [called] : [];
  if (callee.type !== 'MemberExpression' || callee.computed === true) return [];
  const [owner, member] = [nameOf(callee.object), nameOf(callee.property)];
  if (member === undefined) return [];
  if (owner !== undefined && !own.has(owner)) {
    const first = firstOfStatic(owner, member);
    if (first !== undefined) return isNewer(first, floor) ? [`${owner}.${member}`] : [];
  }
  return !own.has(member) && isNewer(members.get(member), floor) ? [`.${member}()`] : [];
}

function newerPattern({ regex }: ScriptNode, floor: number): string[] {
  const { pattern = '', flags = '' } = (regex ?? {}) as { pattern?: string; flags?: string };
  return [
    ...(flags.includes('v') && floor < 112 ? ['flag v of a regular expression'] : []),
    ...(/\(\?[ims]*-?[ims]+:/.test(pattern) && floor < 125
      ? ['modifiers in a regular expression']
      : []),
  ];
}

function firstOfGlobal(name: string): number | null | undefined {
  return firstChrome(builtins?.[name]) ?? firstChrome(api?.[name] ?? api?.Window?.[name]);
}

function firstOfStatic(owner: string, member: string): number | null | undefined {
  const type = builtins?.[owner] ?? api?.[owner];
  return firstChrome(type?.[member] ?? type?.[`${member}_static`]);
}

/** Names that are the script's own: bindings, and properties that it sets or lists. */
function definedBy(node: ScriptNode): string[] {
  switch (node.type) {
    case 'VariableDeclarator':
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return named(node.id);
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
      return named(node.local);
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return named(node.key);
    case 'AssignmentExpression':
      return named((node.left as ScriptNode).property);
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return (node.params as unknown[]).flatMap(named);
    default:
      return [];
  }
}

function named(node: unknown): string[] {
  const name = nameOf(node);
  return name === undefined ? [] : [name];
}

function nameOf(node: unknown): string | undefined {
  const { type, name } = (node ?? {}) as { type?: string; name?: unknown };
  return type === 'Identifier' && typeof name === 'string' ? name : undefined;
}

function visit(node: unknown, enter: (node: ScriptNode) => void): void {
  if (Array.isArray(node)) for (const each of node) visit(each, enter);
  else if (typeof node === 'object' && node !== null) {
    if ('type' in node) enter(node as ScriptNode);
    for (const part of Object.values(node)) if (typeof part === 'object') visit(part, enter);
  }
}
