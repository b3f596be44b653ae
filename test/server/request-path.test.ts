import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oddPath } from '../../server/src/api/request-path.ts';

describe('the way a path is written', () => {
  it.each([
    '/',
    '/api/v1/sites/4216',
    '/api/v1/workstations?site=4216&limit=2',
    '/assets/index-1a2b.js',
    '/api/v1/incidents/',
    '/api/v1/registry/sites?search=%D0%BA%2F..%2F%00',
    '/%D0%BA%D0%B5%D0%BC',
  ])('%s is plain', (url) => {
    expect(oddPath(url)).toBeUndefined();
  });

  it.each([
    '//api/v1/sites',
    '/api//v1/sites',
    '/api/../etc/passwd',
    '/api/%2e%2E/etc',
    '/./api',
    '/api/v1/sites%2f4216',
    '/api/v1%5csites',
    '/api\\v1',
    '/api/v1/sites%00',
    '/api/v1/sites%0d%0aset-cookie:x',
    '/кем',
    'http://other.example/api/v1/sites',
    '*',
    '/api/v1/sites#x',
    '/?a#%00',
    `/${'a'.repeat(256)}`,
    `/${'a/'.repeat(600)}`,
    `/?${'a'.repeat(9_000)}`,
  ])('%s is odd', (url) => {
    expect(oddPath(url)).toBeDefined();
  });

  it('is never both plain and another path when it is decoded', () => {
    const part = fc.constantFrom('a', '.', '..', '%2e', '%2f', '%5c', '%00', '', '%25', 'api');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const url = `/${parts.join('/')}`;
        if (oddPath(url) !== undefined) return;
        const decoded = decodeURIComponent(url);
        expect(decoded.split('/')).toHaveLength(url.split('/').length);
        expect(new URL(decoded, 'http://host').pathname.split('/')).toHaveLength(
          url.split('/').length,
        );
      }),
      { seed: 668, numRuns: 2_000 },
    );
  });
});
