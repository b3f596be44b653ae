import { describe, expect, it } from 'vitest';
import { nearest } from '@ppe-pulse/protocol';
import { Type } from '@ppe-pulse/protocol/schema';
import { maskSecrets, resolveSettings, Secret } from '@ppe-pulse/protocol/settings';

const schema = Type.Object({
  port: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535 }),
  store: Type.Object(
    {
      kind: Type.Enum(['duckdb', 'influx'], { default: 'duckdb' }),
      rawDays: Type.Integer({ default: 14 }),
      password: Type.Optional(Secret()),
    },
    { default: {} },
  ),
  insecure: Type.Boolean({ default: false }),
});

const resolve = (file: unknown, env: Record<string, string> = {}) =>
  resolveSettings(schema, { file, env, envPrefix: 'PPE_PULSE_' });

describe('settings', () => {
  it('come from the environment over the file over the defaults', () => {
    expect(resolve(null)).toEqual({
      ok: true,
      settings: { port: 8080, insecure: false, store: { kind: 'duckdb', rawDays: 14 } },
    });
    expect(
      resolve(
        { port: 1, store: { rawDays: 3 } },
        { PPE_PULSE_STORE_RAW_DAYS: '5', PPE_PULSE_INSECURE: 'true' },
      ),
    ).toEqual({
      ok: true,
      settings: { port: 1, insecure: true, store: { kind: 'duckdb', rawDays: 5 } },
    });
  });

  it.each([
    [{ prt: 1 }, 'unknown key "prt", did you mean "port"?'],
    [{ store: { rawDay: 1 } }, 'unknown key "store.rawDay", did you mean "store.rawDays"?'],
    [{ store: { somethingElse: 1 } }, 'unknown key "store.somethingElse"'],
    [{ port: 'high' }, 'port must be integer'],
    [{ port: 70_000 }, 'port must be <= 65535'],
    [['a'], 'the file must hold keys and values'],
  ])('%j is refused with its key named', (file, problem) => {
    const outcome = resolve(file);
    expect(outcome.ok).toBe(false);
    if (!outcome.ok) expect(outcome.problems.join('; ')).toContain(problem);
  });

  it('names the variable whose text does not fit', () => {
    const outcome = resolve({}, { PPE_PULSE_PORT: 'eighty' });
    expect(outcome).toEqual({
      ok: false,
      problems: ['PPE_PULSE_PORT: "eighty" does not fit, expected: integer'],
    });
  });

  it('are shown with secrets masked', () => {
    expect(maskSecrets(schema, { port: 1, store: { password: 'hunter2' } })).toEqual({
      port: 1,
      store: { password: '***' },
    });
  });

  it('guess only what is near', () => {
    expect(nearest('srve', ['serve', 'backup'])).toBe('serve');
    expect(nearest('zzzzzz', ['serve', 'backup'])).toBeUndefined();
  });
});
