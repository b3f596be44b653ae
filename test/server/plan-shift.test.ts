import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StageId } from '@ppe-pulse/protocol';
import { shiftedTime, shiftStage } from '../../server/src/plan/shift-stage.ts';
import { shippedPlansDir } from '../../server/src/plan/shipped-plans.ts';
import { withYamlText } from '../../server/src/yaml.ts';
import { planServer } from '../support/plan-server.ts';
import { shortPlan } from '../support/plans.ts';

const shipped = readFileSync(join(shippedPlansDir, '2024-05-15.yaml'), 'utf8');

function shifted(text: string, stage: StageId, minutes: number, andLater = false): string {
  const outcome = shiftStage(text, { stage, minutes, andLater });
  if (outcome.kind !== 'shifted') throw new Error(JSON.stringify(outcome));
  return outcome.text;
}

/** Lines of one text that the other has not. */
function newLines(before: string, after: string): string[] {
  const known = new Set(before.split('\n'));
  return after.split('\n').filter((line) => !known.has(line));
}

describe('shifting a stage in the text of a plan', () => {
  it('changes its three times in their line and nothing else, comments included', () => {
    const text = shifted(shipped, 'printing', 10);
    expect(newLines(shipped, text)).toEqual([
      "  printing: { due: '10:25', amber: '10:30', red: '10:40' }",
    ]);
    expect(shifted(text, 'printing', -10)).toBe(shipped);
  });

  it('keeps the comment behind, and times that count from the exam or from a day before', () => {
    expect(newLines(shipped, shifted(shipped, 'scanning', 15))).toEqual([
      '  scanning: { due: end+75 } # [C]',
    ]);
    expect(newLines(shipped, shifted(shipped, 'techControl', -30))).toEqual([
      '  techControl: { due: T-1 16:30 } # [C] контроль технической готовности',
    ]);
  });

  it('writes down a stage that the text leaves to its default, behind the others', () => {
    const text = shifted(shipped, 'videoOn', 30);
    expect(newLines(shipped, text)).toEqual([
      "  videoOn: { due: '08:30', amber: '08:30', red: '09:00' }",
    ]);
    expect(text).toContain("# [C]\n  videoOn: { due: '08:30'");
  });

  it('writes stages into a text that has none, and amber into an entry that has only a due', () => {
    expect(shifted(shortPlan, 'keyLoaded', 5)).toBe(
      `${shortPlan.trimEnd()}\nstages: { keyLoaded: { due: '10:05', amber: '10:05', red: '10:15' } }\n`,
    );
    const block = `${shortPlan}stages:\n  keyLoaded:\n    due: "10:00" # как велели\n`;
    expect(shifted(block, 'keyLoaded', 5)).toBe(
      `${shortPlan}stages:\n  keyLoaded:\n    due: "10:05" # как велели\n    amber: '10:05'\n    red: '10:15'\n`,
    );
  });

  it('takes the later stages of the day with it when asked, but none that the day ends with', () => {
    const text = shifted(shipped, 'keyLoaded', 20, true);
    expect(newLines(shipped, text)).toEqual([
      "  keyLoaded: { due: '10:20', amber: '10:20', red: '10:30' }",
      "  printing: { due: '10:35', amber: '10:40', red: '10:50' }",
      "  examStarted: { due: '10:40', amber: '10:40', red: '10:50' }",
    ]);
  });

  it('refuses what has no deadline, what would leave its day, and a text with errors', () => {
    expect(shiftStage(shipped, { stage: 'protocol', minutes: 5, andLater: false })).toEqual({
      kind: 'impossible',
      reason: 'noDeadline',
    });
    expect(shiftStage(shipped, { stage: 'packageSent', minutes: 5, andLater: false })).toEqual({
      kind: 'impossible',
      reason: 'outOfDay',
    });
    expect(shiftStage('id: [', { stage: 'printing', minutes: 5, andLater: false }).kind).toBe(
      'refused',
    );
  });

  it.each([
    ['09:30', 45, '10:15'],
    ['T-1 17:00', -60, 'T-1 16:00'],
    ['end+60', -60, 'end'],
    ['start', -5, 'start-5'],
    ['start-5', 15, 'start+10'],
    ['00:10', -11, null],
    ['end+1440', 1, null],
    ['soon', 1, null],
  ])('%s by %i minutes is %s', (time, minutes, expected) => {
    expect(shiftedTime(time, minutes)).toBe(expected);
  });
});

describe('a value put into YAML', () => {
  it('is refused where a list or a text stands in the way', () => {
    expect(withYamlText('stages: [a]\n', ['stages', 'printing'], 'x')).toBe(null);
    expect(withYamlText('stages: text\n', ['stages', 'printing'], 'x')).toBe(null);
    expect(withYamlText('stages: {\n', ['stages', 'printing'], 'x')).toBe(null);
  });

  it('fills an empty mapping and an empty document', () => {
    expect(withYamlText('stages: {}\n', ['stages', 'due'], 'x')).toBe("stages: { due: 'x' }\n");
    expect(withYamlText('a: 1', ['b'], 'x')).toBe("a: 1\nb: 'x'");
  });
});

describe('help with a plan over HTTP', () => {
  it('hands out the plans that come with the collector, and shifts a text without applying it', async () => {
    const { url, token, plans } = await planServer();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const templates = await fetch(`${url}/api/v1/plan/templates`, { headers });
    const { items } = (await templates.json()) as { items: { id: string; text: string }[] };
    expect(items.map(({ id }) => id)).toEqual(['2024-03-05', '2024-05-15']);
    expect(items[1]?.text).toBe(shipped);
    const shift = async (body: object) => {
      const response = await fetch(`${url}/api/v1/plan/shift`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as { text?: string } };
    };
    const done = await shift({ text: shipped, stage: 'printing', minutes: 10 });
    expect([done.status, done.body.text]).toEqual([200, shifted(shipped, 'printing', 10)]);
    expect(await shift({ text: 'id: [', stage: 'printing', minutes: 10 })).toMatchObject({
      status: 422,
      body: { type: 'urn:ppe-pulse:problem:planRefused', problems: [{ line: 1 }] },
    });
    expect(await shift({ text: shipped, stage: 'protocol', minutes: 10 })).toMatchObject({
      status: 422,
      body: { type: 'urn:ppe-pulse:problem:noDeadline' },
    });
    expect((await shift({ text: shipped, stage: 'nothing', minutes: 10 })).status).toBe(400);
    expect((await shift({ text: shipped, stage: 'printing', minutes: 721 })).status).toBe(400);
    expect(plans.current()).toBe(null);
  });
});
