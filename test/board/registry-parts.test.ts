import { describe, expect, it } from 'vitest';
import type { RegionChange } from '@ppe-pulse/protocol';
import { changesBySite } from '../../board/src/registry/diff-groups.ts';
import { registryEn } from '../../board/src/registry/registry-en.ts';
import { registryRu as ru } from '../../board/src/registry/registry-ru.ts';

const siteChange = (siteCode: string, kind: RegionChange['kind']): RegionChange => ({
  kind,
  what: 'site',
  siteCode,
  roomCode: null,
  workstation: null,
  fields: [],
});

describe('a difference', () => {
  it('is read by sites: what goes first, what comes last', () => {
    const changes = [
      siteChange('0003', 'added'),
      { ...siteChange('0002', 'added'), what: 'room' as const, roomCode: '0001' },
      siteChange('0009', 'removed'),
    ];
    expect(changesBySite(changes).map(({ siteCode, kind }) => [siteCode, kind])).toEqual([
      ['0009', 'removed'],
      ['0002', 'changed'],
      ['0003', 'added'],
    ]);
  });
});

describe('words of the registry', () => {
  it('name the same refusals and fields in both languages', () => {
    expect(Object.keys(registryEn.refusals)).toEqual(Object.keys(ru.refusals));
    expect(Object.keys(registryEn.fieldNames)).toEqual(Object.keys(ru.fieldNames));
  });
});
