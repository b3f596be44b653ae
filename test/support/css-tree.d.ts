/** What the tests use of css-tree, which has no types of its own. */
declare module 'css-tree' {
  interface CssNode {
    readonly type: string;
    readonly name?: string;
    readonly property?: string;
    readonly unit?: string;
    readonly value?: unknown;
    readonly prelude?: unknown;
    readonly block?: CssNode | null;
    readonly children?: Iterable<CssNode> | null;
  }
  interface WalkContext {
    readonly rule: CssNode | null;
    readonly declaration: CssNode | null;
    readonly atrule: CssNode | null;
  }
  function parse(
    css: string,
    options?: { readonly onParseError?: (error: Error) => void },
  ): CssNode;
  function walk(node: CssNode, enter: (this: WalkContext, node: CssNode) => void): void;
}
