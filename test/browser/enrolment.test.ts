import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { enrolmentRu as own } from '../../board/src/enrolment/enrolment-ru.ts';
import type { Collector } from '../../server/src/collector.ts';
import { violationsOf } from '../support/axe.ts';
import { boardDir, shoot, signedIn } from '../support/board-browser.ts';
import { hasChromium } from '../support/chromium.ts';
import { testCollector } from '../support/collector.ts';
import {
  examPc,
  getFile,
  plainApi,
  sampleSites,
  shownAt,
  theseDays,
  type ExamPc,
  type GotFile,
} from '../support/enrolment.ts';
import { tempDir } from '../support/temp-dir.ts';

const long = { timeout: 240_000 };
const HQ = ['--role', 'hq', '--duty', 'main'] as const;
/** What a browser says of an answer that refuses is no fault of the page. */
const refusalNoise = /status of (?:403|409)/;

interface Desk {
  readonly collector: Collector;
  readonly page: Page;
  readonly faults: () => string[];
  readonly got: GotFile;
  readonly siteCode: string;
  /** How a place of the file stands, as the collector lists it. */
  readonly stateOf: (codeId: string) => Promise<string | undefined>;
}

/** A person at the page of enrolment, and the file of a ППЭ whose PCs a person lets in. */
async function desk(): Promise<Desk> {
  const collector = await testCollector({ boardDir });
  const ask = plainApi(collector);
  const [site] = await sampleSites(ask);
  const siteCode = site?.code ?? '';
  const got = await getFile(ask, siteCode, { ...theseDays, needsApproval: true });
  const { page, faults } = await signedIn(collector, { width: 1280, height: 800 });
  await page.goto(`${collector.url}/enrolment`);
  const stateOf = async (codeId: string): Promise<string | undefined> =>
    (await shownAt(ask, siteCode)).find((each) => each.codeId === codeId)?.state;
  return { collector, page, faults, got, siteCode, stateOf };
}

/** Of the place that says so. */
const codeOf = ({ file }: GotFile, role: string): string =>
  file.places.find((place) => place.role === role)?.codeId ?? '';

/** The number that a PC shows itself, which a person hears on the phone. */
async function idOf(pc: ExamPc): Promise<string> {
  const { output } = await pc.command('identity', '--json');
  return (JSON.parse(output) as { readonly agentId: string }).agentId;
}

/** A button of one PC among those that ask. */
const of = (page: Page, id: string, name: string) =>
  page.getByTestId(`asker-${id}`).getByRole('button', { name: new RegExp(`^${name}`) });

async function surely(page: Page, id: string, names: readonly [string, string]): Promise<void> {
  await of(page, id, names[0]).click();
  await of(page, id, names[1]).click();
}

describe.skipIf(!hasChromium())('a person who decides who belongs, in Chromium', () => {
  it('lets a PC in, tells a thief from a spare one, and takes a place back', long, async () => {
    const { collector, page, faults, got, stateOf } = await desk();
    const place = codeOf(got, 'hq');
    const first = examPc();
    const waits = await first.enroll(got.path, ...HQ);
    expect(waits).toMatchObject({ code: 0 });
    const firstId = await idOf(first);
    expect(waits.output).toContain(firstId);
    await page.getByTestId(`decision-${place}`).getByText(own.nobodyHere).waitFor();
    await of(page, firstId, own.approve).click();
    await page.getByTestId(`decision-${place}`).waitFor({ state: 'detached' });
    expect(await stateOf(place)).toBe('active');
    expect(await first.enroll(got.path, ...HQ)).toMatchObject({ code: 0 });
    first.run();
    await page
      .getByTestId(`place-${place}`)
      .getByText(own.heard('').trim(), { exact: false })
      .waitFor({ timeout: 60_000 });

    const [spare, thief] = [examPc(), examPc()];
    for (const pc of [spare, thief])
      expect((await pc.enroll(got.path, ...HQ)).errors).toContain(await idOf(pc));
    const [spareId, thiefId] = [await idOf(spare), await idOf(thief)];
    await of(page, spareId, own.replace).waitFor();
    await of(page, thiefId, own.reject).waitFor();
    await page.getByText(own.contestHint).waitFor();
    await shoot(page, 'enrolment-contest');
    expect(await violationsOf(page)).toEqual([]);
    // One press decides nothing.
    await of(page, thiefId, own.reject).click();
    expect(await stateOf(place)).toBe('replaceAsked');
    await of(page, thiefId, own.rejectReally).click();
    await page.getByTestId(`asker-${thiefId}`).waitFor({ state: 'detached' });
    await surely(page, spareId, [own.replace, own.replaceReally]);
    await page.getByTestId(`decision-${place}`).waitFor({ state: 'detached' });
    expect(await stateOf(place)).toBe('active');
    expect(await spare.enroll(got.path, ...HQ)).toMatchObject({ code: 0 });
    expect((await thief.enroll(got.path, ...HQ)).code).toBe(1);
    // The one that stood there is no longer let in.
    await page.getByTestId(`place-${place}`).getByText(spareId.slice(0, 12)).waitFor();
    expect((await first.command('status')).output).not.toBe('');

    const row = page.getByTestId(`place-${place}`);
    await row.getByRole('button', { name: new RegExp(`^${own.revoke}`) }).click();
    await row.getByLabel(own.revokeNote).fill('украден');
    await row.getByRole('button', { name: own.revokeReally }).click();
    await row.getByText(own.states.revoked).waitFor();
    expect((await spare.enroll(got.path, ...HQ)).code).toBe(1);

    await row.getByRole('button', { name: new RegExp(`^${own.renew}`) }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      row.getByRole('button', { name: new RegExp(`^${own.renewReally}`) }).click(),
    ]);
    const renewed = examPc();
    const path = join(tempDir(), file.suggestedFilename());
    await file.saveAs(path);
    expect(await renewed.enroll(path)).toMatchObject({ code: 0 });
    await of(page, await idOf(renewed), own.approve).click();
    await page.getByTestId('undecided').waitFor({ state: 'detached' });
    expect(faults().filter((fault) => !refusalNoise.test(fault))).toEqual([]);
    expect(collector.url).toBe(new URL(page.url()).origin);
  });

  it('answers a request that came on a flash drive, and no other file', long, async () => {
    const { page, faults, got } = await desk();
    const stick = tempDir();
    const room = examPc();
    const found = got.file.places.find(({ role }) => role === 'organizer');
    const place = ['--role', 'organizer', '--room', found?.roomCode ?? '', '--duty', 'main'];
    const asked = await room.enroll(got.path, ...place, '--request', stick);
    expect(asked).toMatchObject({ code: 0 });
    const [name = ''] = readdirSync(stick);
    const choose = page.getByTestId('drive-request');
    await choose.setInputFiles(got.path);
    await page.getByRole('alert').waitFor();
    await choose.setInputFiles({
      name: 'x.json',
      mimeType: 'application/json',
      buffer: Buffer.from('no'),
    });
    await page.getByText(own.drive.notJson).waitFor();
    const [answer] = await Promise.all([
      page.waitForEvent('download'),
      choose.setInputFiles(join(stick, name)),
    ]);
    const credential = join(stick, answer.suggestedFilename());
    await answer.saveAs(credential);
    await of(page, await idOf(room), own.approve).click();
    await page.getByTestId('undecided').waitFor({ state: 'detached' });
    expect(await room.enroll(got.path, ...place, '--credential', credential)).toMatchObject({
      code: 0,
    });
    expect(faults().filter((fault) => !refusalNoise.test(fault) && !/422|400/.test(fault))).toEqual(
      [],
    );
  });
});
