/** TypeBox, for workspaces that describe their own settings and files with it. */
export { Type, type Static, type TSchema } from 'typebox';
export { Compile } from 'typebox/compile';
