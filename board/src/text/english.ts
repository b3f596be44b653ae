import { domainEn } from '@ppe-pulse/protocol/texts';
import { lifeEn } from '../life/life-en.ts';
import { wallEn } from '../wall/wall-en.ts';
import { en } from './en.ts';

/** English of what is loaded first. It comes when somebody asks for it: most walls never do. */
export const english = { page: en, domain: domainEn, wall: wallEn, life: lifeEn };
export type English = typeof english;
