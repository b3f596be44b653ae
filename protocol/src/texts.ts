export * from './texts/domain-texts.ts';
export * from './texts/evidence.ts';
export * from './texts/texts.ts';
export * from './texts/units.ts';
