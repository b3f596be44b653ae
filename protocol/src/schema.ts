/** TypeBox, for workspaces that describe their own settings with it. */
export { Type, type Static, type TSchema } from 'typebox';
