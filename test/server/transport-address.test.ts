import { describe, expect, it } from 'vitest';
import { AddressPolicy } from '../../server/src/alerts/transport/address-policy.ts';
import { checkHost, checkName, checkUrl } from '../../server/src/alerts/transport/check-url.ts';
import {
  systemResolver,
  type ResolvedAddress,
} from '../../server/src/alerts/transport/host-resolver.ts';
import { retryAfterMs } from '../../server/src/alerts/transport/retry-after.ts';

const policy = new AddressPolicy();

describe('what an address is', () => {
  it.each([
    ['93.184.215.14', 'public'],
    ['8.8.8.8', 'public'],
    ['2a02:6b8::2:242', 'public'],
    ['127.0.0.1', 'private'],
    ['127.255.255.254', 'private'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'private'],
    ['169.254.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['100.128.0.1', 'public'],
    ['192.0.0.8', 'private'],
    ['198.18.0.1', 'private'],
    ['198.51.100.7', 'private'],
    ['203.0.113.7', 'private'],
    ['::1', 'private'],
    ['fe80::1', 'private'],
    ['fe80::1%eth0', 'private'],
    ['fc00::1', 'private'],
    ['fd12:3456::1', 'private'],
    ['2001:db8::1', 'private'],
    ['0.0.0.0', 'forbidden'],
    ['::', 'forbidden'],
    ['224.0.0.1', 'forbidden'],
    ['255.255.255.255', 'forbidden'],
    ['ff02::1', 'forbidden'],
    ['4000::1', 'forbidden'],
    ['169.254.169.254', 'forbidden'],
    ['100.100.100.200', 'forbidden'],
    ['fd00:ec2::254', 'forbidden'],
    ['no address', 'forbidden'],
  ])('%s is %s', (address, kind) => {
    expect(policy.kindOf(address)).toBe(kind);
  });

  it.each([
    ['::ffff:127.0.0.1', 'private'],
    ['::ffff:7f00:1', 'private'],
    ['::ffff:169.254.169.254', 'forbidden'],
    ['::ffff:93.184.215.14', 'public'],
    ['::127.0.0.1', 'private'],
    ['::ffff:0:10.0.0.1', 'private'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['64:ff9b::a9fe:a9fe', 'forbidden'],
    ['64:ff9b::93.184.215.14', 'public'],
    ['2002:7f00:1::1', 'private'],
    ['2002:a9fe:a9fe::', 'forbidden'],
    // Teredo writes the address of its client upside down.
    ['2001:0:1:2:3:4:80ff:fffe', 'private'],
  ])('%s is judged by the IPv4 address in it: %s', (address, kind) => {
    expect(policy.kindOf(address)).toBe(kind);
  });
});

describe('the address of a receiver as a person writes it', () => {
  it.each([
    ['ftp://hook.example/', 'badScheme'],
    ['file:///etc/passwd', 'badScheme'],
    ['javascript:alert(1)', 'badScheme'],
    ['hook.example/path', 'notAUrl'],
    ['https://', 'notAUrl'],
    ['https://hook.example/a b', 'notAUrl'],
    ['', 'notAUrl'],
    ['https://user:pa55@hook.example/', 'hasCredentials'],
    ['https://user@hook.example/', 'hasCredentials'],
    ['https://hook.example/#part', 'hasFragment'],
    ['https://hook.example/#', 'hasFragment'],
    [`https://hook.example/${'x'.repeat(2_000)}`, 'tooLong'],
    ['http://127.0.0.1/', 'addressRefused'],
    ['http://2130706433/', 'addressRefused'],
    ['http://0x7f.0.0.1/', 'addressRefused'],
    ['http://0177.1/', 'addressRefused'],
    ['http://127。0。0。1/', 'addressRefused'],
    ['http://[::1]/', 'addressRefused'],
    ['http://[::ffff:127.0.0.1]/', 'addressRefused'],
    ['http://localhost:9093/', 'addressRefused'],
    ['http://LOCALHOST./', 'addressRefused'],
    ['http://board.localhost/', 'addressRefused'],
    ['http://metadata.google.internal/', 'addressRefused'],
    ['http://0/', 'addressRefused'],
  ])('%s is refused as %s', (url, reason) => {
    const found = checkUrl(url, false, policy);
    expect(found?.reason).toBe(reason);
    expect(found?.detail).not.toContain('pa55');
  });

  it.each([
    'https://hook.example/services/T000/B000?x=1',
    'http://hook.example:8080',
    'https://вебхук.рф/путь',
    'https://93.184.215.14/',
  ])('%s is taken', (url) => {
    expect(checkUrl(url, false, policy)).toBeNull();
  });

  it('may be of a private network where that is allowed, of the machine’s metadata never', () => {
    expect(checkUrl('http://10.0.0.5:9093/', true, policy)).toBeNull();
    expect(checkUrl('http://localhost:9093/', true, policy)).toBeNull();
    for (const host of ['169.254.169.254', '[fd00:ec2::254]', '0xa9fea9fe', '100.100.100.200']) {
      expect(checkUrl(`http://${host}/latest`, true, policy)?.reason).toBe('addressRefused');
    }
    expect(checkName('127.0.0.1', false, policy)?.reason).toBe('addressRefused');
    expect(checkName('mail.example', false, policy)).toBeNull();
  });

  it('is asked for where it leads; a name that nobody knows now is taken', async () => {
    const names: Readonly<Record<string, readonly string[]>> = {
      'inside.example': ['10.0.0.5'],
      'mixed.example': ['93.184.215.14', '::1'],
      'good.example': ['93.184.215.14'],
      'meta.example': ['169.254.169.254'],
    };
    const resolve = (name: string): Promise<readonly ResolvedAddress[]> => {
      const found = names[name];
      if (!found) return Promise.reject(new Error('ENOTFOUND'));
      return Promise.resolve(found.map((address) => ({ address, family: 4 })));
    };
    const reasonOf = async (host: string, allowsPrivate = false) =>
      (await checkHost(host, allowsPrivate, { policy, resolve }))?.reason ?? null;
    expect(await reasonOf('https://inside.example/hook')).toBe('addressRefused');
    expect(await reasonOf('https://inside.example/hook', true)).toBeNull();
    expect(await reasonOf('https://mixed.example/hook')).toBe('addressRefused');
    expect(await reasonOf('https://good.example/hook')).toBeNull();
    expect(await reasonOf('good.example')).toBeNull();
    expect(await reasonOf('meta.example', true)).toBe('addressRefused');
    expect(await reasonOf('later.example')).toBeNull();
    expect(await reasonOf('[::1]')).toBe('addressRefused');
  });
});

describe('asking for names', () => {
  it('asks two at once and one name once, however many want to know', async () => {
    const asked: string[] = [];
    const answers: ((value: readonly ResolvedAddress[]) => void)[] = [];
    const resolve = systemResolver((name) => {
      asked.push(name);
      return new Promise((answer) => answers.push(answer));
    });
    const wanted = ['a', 'a', 'b', 'c', 'a'].map((name) => resolve(name));
    expect(asked).toEqual(['a', 'b']);
    answers[0]?.([{ address: '192.0.2.1', family: 4 }]);
    expect(await wanted[4]).toEqual([{ address: '192.0.2.1', family: 4 }]);
    expect(await wanted[0]).toEqual(await wanted[1]);
    expect(asked).toEqual(['a', 'b', 'c']);
    answers[1]?.([]);
    answers[2]?.([]);
    expect(await Promise.all([wanted[2], wanted[3]])).toEqual([[], []]);
  });
});

describe('Retry-After', () => {
  const nowMs = Date.UTC(2024, 4, 15, 2, 31);
  it.each([
    ['0', 0],
    ['120', 120_000],
    ['3601', 3_600_000],
    ['Wed, 15 May 2024 02:32:00 GMT', 60_000],
    ['Wed, 15 May 2024 02:30:00 GMT', 0],
    ['Fri, 17 May 2024 02:30:00 GMT', 3_600_000],
    ['-5', null],
    ['1.5', null],
    ['2024-05-15', null],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%s is %s ms', (header, expected) => {
    expect(retryAfterMs(header, nowMs)).toBe(expected);
  });
});
