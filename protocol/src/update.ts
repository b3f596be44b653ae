export * from './update/update-words.ts';
export * from './update/release-version.ts';
export * from './update/update-root.ts';
export * from './update/update-manifest.ts';
export * from './update/judge-update.ts';
export * from './update/update-bundle.ts';
export * from './update/freeze.ts';
