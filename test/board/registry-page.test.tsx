// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { regionLimits, type RegionChange, type Site } from '@ppe-pulse/protocol';
import { fileFaultOf, withFiles } from '../../board/src/registry/import-files.ts';
import { registryRu as ru } from '../../board/src/registry/registry-ru.ts';
import type { ImportAnswer, RegistryAnswer } from '../../board/src/registry/registry-shapes.ts';
import { bodyOfDraft, draftOf } from '../../board/src/registry/site-draft.ts';
import { sampleRegion } from '../../server/src/region/sample-region.ts';
import {
  fakeApi,
  openBoard,
  snapshotOf,
  type ApiReply,
  type AskedApi,
} from '../support/board-page.ts';

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
const region = sampleRegion({ ppe: 3, seed: 4 });

function firstPpe(): Site {
  const site = region.sites.find(({ kind }) => kind === 'ppe');
  if (!site) throw new Error('the sample has no ППЭ');
  return site;
}

function registryAnswer(part: Partial<RegistryAnswer> = {}): RegistryAnswer {
  return {
    version: 3,
    isSample: false,
    timeZone: region.timeZone,
    importedAt: '2024-05-15T02:10:00.000Z',
    importedBy: 'duty',
    counts: {
      sites: 1_240,
      rooms: 9,
      workstations: 20,
      adopted: 1,
      cameras: 18,
      byKind: { ppe: 3, rcoi: 1, commission: 3 },
    },
    municipalities: region.municipalities,
    ...part,
  };
}

const none = { added: 0, changed: 0, removed: 0 };
function checkedAnswer(part: Partial<ImportAnswer> = {}): ImportAnswer {
  return {
    kind: 'checked',
    baseVersion: 3,
    diff: {
      sites: { ...none, removed: 1 },
      rooms: none,
      workstations: none,
      adoptedKept: 2,
      changes: {
        total: 900,
        listed: [siteChange('0012', 'removed'), siteChange('0007', 'changed')],
      },
    },
    warnings: { total: 0, listed: [] },
    enrolledLost: { total: 1, listed: [{ siteCode: '0012', agents: 5 }] },
    ...part,
  };
}

function siteChange(siteCode: string, kind: RegionChange['kind']): RegionChange {
  const fields =
    kind === 'changed'
      ? [
          { field: 'contractBytesPerSecond', from: '12500000', to: '' },
          { field: 'municipality', from: 'kemerovo', to: 'tayga' },
        ]
      : [];
  return { kind, what: 'site', siteCode, roomCode: null, workstation: null, fields };
}

/** An upload that waits until the test answers it. */
class FakeUpload extends EventTarget {
  static readonly sent: FakeUpload[] = [];
  readonly upload = new EventTarget();
  status = 0;
  responseText = '';
  path = '';
  body: Blob | undefined;
  open(_: string, path: string): void {
    this.path = path;
  }
  setRequestHeader(): void {
    // Nobody looks at headers here.
  }
  send(body: Blob): void {
    this.body = body;
    FakeUpload.sent.push(this);
  }
  abort(): void {
    this.dispatchEvent(new Event('abort'));
  }
  async answer(status: number, body: unknown): Promise<void> {
    this.status = status;
    this.responseText = JSON.stringify(body);
    await act(async () => void this.dispatchEvent(new Event('load')));
  }
  async isSent(loaded: number, total: number): Promise<void> {
    const event = Object.assign(new Event('progress'), { loaded, total });
    await act(async () => void this.upload.dispatchEvent(event));
  }
}

/** The collector's side of the page. */
function collector(
  registry: RegistryAnswer = registryAnswer(),
  put: () => ApiReply = () => ({ kind: 'applied', version: 4, diff: checkedAnswer().diff }),
): AskedApi[] {
  FakeUpload.sent.length = 0;
  vi.stubGlobal('XMLHttpRequest', FakeUpload);
  return fakeApi(({ method, path }) => {
    if (path === '/api/v1/registry') return registry;
    if (method === 'PUT') return put();
    if (path === '/api/v1/registry/sample') return registryAnswer({ isSample: true });
    if (path.startsWith('/api/v1/registry/sites?')) {
      const query = new URLSearchParams(path.split('?')[1]);
      const found = (query.get('search') ?? '') === 'нет' ? [] : [firstPpe()];
      const total = found.length === 0 ? 0 : 120;
      const nextCursor = query.get('cursor') === null ? { nextCursor: firstPpe().code } : {};
      return { version: 3, total, items: found, ...(total > 0 && nextCursor) };
    }
    return undefined;
  });
}

const fileOf = (name: string, text = 'Код ППЭ'): File => new File([text], name);

async function choose(...files: readonly File[]): Promise<HTMLElement> {
  const panel = await screen.findByTestId('import');
  fireEvent.drop(within(panel).getByTestId('file-drop'), { dataTransfer: { files } });
  return panel;
}

async function lastUpload(count = 1): Promise<FakeUpload> {
  await vi.waitFor(() => expect(FakeUpload.sent).toHaveLength(count));
  const upload = FakeUpload.sent.at(-1);
  if (!upload) throw new Error('nothing was sent');
  return upload;
}

describe('the page of the registry', () => {
  it('counts, lists sites by pages, and shows the details of one', async () => {
    const asked = collector();
    openBoard('/registry', snapshotOf());
    const counts = await screen.findByTestId('registry-counts');
    expect(counts.textContent?.replaceAll(/\s/g, ' ')).toContain('Площадки1 240');
    expect(screen.getByTestId('registry-version').textContent).toBe(
      ru.version(3, 'duty', '15.05.2024, 09:10'),
    );
    expect(screen.queryByTestId('sample-form')).toBe(null);
    const site = firstPpe();
    fireEvent.click(await screen.findByRole('button', { name: ru.openSite(site.code) }));
    const details = screen.getByTestId('site-details');
    expect(details.textContent).toContain(site.name);
    expect(details.textContent).toContain(`${ru.hq} (7777)`);
    const list = within(screen.getByTestId('registry-sites'));
    expect(list.getByText(ru.page(1, 3)).textContent).toBe(ru.page(1, 3));
    fireEvent.click(list.getByRole('button', { name: ru.next }));
    await screen.findByText(ru.page(2, 3));
    await vi.waitFor(() => expect(asked.at(-1)?.path).toContain(`cursor=${site.code}`));
    fireEvent.change(list.getByRole('searchbox'), { target: { value: 'нет' } });
    await screen.findByText(ru.nothingFound);
  });

  it('offers an invented region only where there is none, or an invented one', async () => {
    const { counts } = registryAnswer();
    const asked = collector(registryAnswer({ counts: { ...counts, sites: 0 }, importedAt: null }));
    openBoard('/registry', snapshotOf());
    const form = await screen.findByTestId('sample-form');
    expect(screen.queryByTestId('registry-sites')).toBe(null);
    fireEvent.change(within(form).getByRole('spinbutton'), { target: { value: '7' } });
    fireEvent.click(within(form).getByRole('button', { name: ru.makeSample }));
    await vi.waitFor(() =>
      expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ ppe: 7 }),
    );
  });
});

describe('an import on the page', () => {
  it('says how far it is, what would change, and applies once after a yes to what goes', async () => {
    collector();
    openBoard('/registry', snapshotOf());
    const panel = within(await choose(fileOf('регион.xlsx')));
    fireEvent.click(panel.getByRole('button', { name: ru.check }));
    const check = await lastUpload();
    expect(check.path).toBe(
      `/api/v1/registry/import?dryRun=true&name=${encodeURIComponent('регион.xlsx')}`,
    );
    await check.isSent(1, 4);
    expect(panel.getByTestId('import-progress').textContent).toMatch(/Отправлено 25/);
    await check.isSent(4, 4);
    expect(panel.getByTestId('import-progress').textContent).toContain(ru.checking);
    await check.answer(200, checkedAnswer());

    const sites = within(panel.getByTestId('diff-sites')).getAllByRole('listitem');
    expect(sites[0]?.textContent).toBe('− 0012 уйдёт');
    expect(sites[1]?.textContent).toContain(
      'скорость по договору 100 Мбит/с → —, муниципалитет Кемерово → Тайгинский',
    );
    expect(panel.getByText(ru.unlisted('898')).textContent).toBe(ru.unlisted('898'));
    expect(panel.getByTestId('enrolled-lost').textContent).toContain('0012: 5');
    const apply = panel.getByRole<HTMLButtonElement>('button', { name: ru.apply });
    expect(apply.disabled).toBe(true);
    fireEvent.click(panel.getByRole('checkbox', { name: ru.confirmRemoval('1 площадка') }));
    fireEvent.click(apply);
    fireEvent.click(apply);
    const applied = await lastUpload(2);
    expect(applied.path).toContain('/import?baseVersion=3&name=');
    await applied.isSent(4, 4);
    expect(panel.queryByRole('button', { name: ru.cancel })).toBe(null);
    await applied.answer(200, { ...checkedAnswer(), kind: 'applied', version: 4 });
    expect(panel.getByTestId('import-applied').textContent).toContain(ru.applied(4));
    expect(FakeUpload.sent).toHaveLength(2);
  });

  it('sends several files as one import', async () => {
    collector();
    openBoard('/registry', snapshotOf());
    const panel = within(await choose(fileOf('a.csv', 'a'), fileOf('b".csv', 'b')));
    fireEvent.click(panel.getByRole('button', { name: ru.check }));
    const { body, path } = await lastUpload();
    expect(path).toBe('/api/v1/registry/import?dryRun=true');
    expect(JSON.parse((await body?.text()) ?? '')).toEqual({
      files: [
        { name: 'a.csv', base64: 'YQ==' },
        { name: 'b".csv', base64: 'Yg==' },
      ],
    });
  });

  it('is given up on the way, and looked at again when the registry moved', async () => {
    collector();
    openBoard('/registry', snapshotOf());
    const panel = within(await choose(fileOf('a.csv')));
    fireEvent.click(panel.getByRole('button', { name: ru.check }));
    await lastUpload();
    fireEvent.click(panel.getByRole('button', { name: ru.cancel }));
    await panel.findByText(ru.cancelled);
    fireEvent.click(panel.getByRole('button', { name: ru.check }));
    await (await lastUpload(2)).answer(409, { type: 'urn:ppe-pulse:problem:registryMoved' });
    fireEvent.click(panel.getByRole('button', { name: ru.again }));
    await (await lastUpload(3)).answer(502, 'not of ours');
    expect(panel.getByRole('alert').textContent).toBe(ru.failed(ru.noAnswer));
  });

  it('tells problems of files by file, place and column, with what stands there as it is', async () => {
    collector();
    openBoard('/registry', snapshotOf());
    const panel = within(await choose(fileOf('a.csv')));
    fireEvent.click(panel.getByRole('button', { name: ru.check }));
    const spot = { file: '<b>a.csv', sheet: null, row: 2, cell: 'A2', column: 'Код ППЭ' };
    const problem = { ...spot, code: 'badCode', found: '<i>A1', expected: '' };
    await (
      await lastUpload()
    ).answer(422, {
      type: 'urn:ppe-pulse:problem:registryRefused',
      problems: { total: 300, listed: [problem] },
      warnings: { total: 0, listed: [] },
    });
    const table = panel.getByTestId('import-problems');
    expect(table.textContent).toContain('300 ошибок');
    const row = within(table).getByRole('row', { name: /A2/ });
    expect(row.textContent).toBe(
      '<b>a.csvA2Код ППЭ«<i>A1» — не код: нужны четыре цифры, например 0012',
    );
    expect(panel.getByText(ru.more('299')).textContent).toBe(ru.more('299'));
  });

  it('refuses at once what is empty, too much or too big', async () => {
    collector();
    openBoard('/registry', snapshotOf());
    const panel = within(await choose(fileOf('пусто.csv', '')));
    expect(panel.getByRole('alert').textContent).toBe(ru.failed(ru.emptyFile('пусто.csv')));
    expect(panel.getByRole<HTMLButtonElement>('button', { name: ru.check }).disabled).toBe(true);
    const big = { name: 'a.csv', size: 50_000_000 };
    expect(fileFaultOf([big])).toEqual({ kind: 'tooBig', bytes: 50_000_000 });
    const many = Array.from({ length: regionLimits.files + 1 }, () => ({ name: 'a', size: 1 }));
    expect(fileFaultOf(many)).toEqual({ kind: 'tooMany', count: 17 });
    expect(withFiles([big], [{ ...big, size: 2 }])).toEqual([{ ...big, size: 2 }]);
  });
});

describe('one site on the page', () => {
  it('is edited by a form that says beside a field what is wrong with it', async () => {
    const site = firstPpe();
    let isWrong = true;
    const asked = collector(registryAnswer(), () => {
      if (!isWrong) return { kind: 'applied', version: 4, diff: checkedAnswer().diff };
      const spot = { file: 'site', sheet: null, row: 1, cell: 'L1', column: 'dutyPhone' };
      const problem = { ...spot, code: 'badPhone', found: 'звоните', expected: '' };
      return {
        status: 422,
        body: {
          type: 'urn:ppe-pulse:problem:registryRefused',
          problems: { total: 1, listed: [problem] },
        },
      };
    });
    openBoard(`/registry?site=${site.code}`, snapshotOf());
    const details = await screen.findByTestId('site-details');
    fireEvent.click(within(details).getByRole('button', { name: ru.edit }));
    const form = within(screen.getByTestId('site-form'));
    const phone = form.getByLabelText(ru.fields.dutyPhone);
    fireEvent.change(phone, { target: { value: 'звоните' } });
    fireEvent.click(form.getByRole('button', { name: ru.save }));
    await form.findByTestId('site-mistakes');
    expect(phone.getAttribute('aria-invalid')).toBe('true');
    const described = document.getElementById(phone.getAttribute('aria-describedby') ?? '');
    expect(described?.textContent).toMatch(/^«звоните» — не телефон/);

    isWrong = false;
    fireEvent.change(phone, { target: { value: '+7 384 555-01-12' } });
    fireEvent.click(form.getByRole('button', { name: ru.addRoom }));
    fireEvent.click(form.getByRole('button', { name: ru.save }));
    fireEvent.click(form.getByRole('button', { name: ru.save }));
    await screen.findByText(ru.saved(4));
    const puts = asked.filter(({ method }) => method === 'PUT');
    expect(puts).toHaveLength(2);
    expect(puts[1]).toMatchObject({
      path: `/api/v1/registry/sites/${site.code}`,
      body: { baseVersion: 3, site: { dutyPhone: '+7 384 555-01-12', siteName: site.name } },
    });
    expect(puts[1]?.body.rooms).toHaveLength(site.rooms.length + 1);
  });

  it(
    'is not written over when somebody else edited it meanwhile, but when it was another site',
    { timeout: 60_000 },
    async () => {
      const site = firstPpe();
      let [version, name] = [3, site.name];
      const asked: AskedApi[] = collector(registryAnswer(), () => ({
        status: 409,
        body: { type: 'urn:ppe-pulse:problem:registryMoved', detail: '' },
      }));
      const answer = fetch;
      vi.stubGlobal('fetch', async (url: string, request?: RequestInit) => {
        const given = await answer(url, request);
        if (url === '/api/v1/registry')
          return new Response(JSON.stringify(registryAnswer({ version })));
        if (!url.startsWith('/api/v1/registry/sites?')) return given;
        const body = { version, total: 1, items: [{ ...site, name }] };
        return new Response(JSON.stringify(body));
      });
      openBoard(`/registry?site=${site.code}`, snapshotOf());
      const details = await screen.findByTestId('site-details');
      fireEvent.click(within(details).getByRole('button', { name: ru.edit }));
      const form = within(screen.getByTestId('site-form'));
      const bases = (): unknown[] =>
        asked.filter(({ method }) => method === 'PUT').map(({ body }) => body.baseVersion);
      const savesWith = async (base: number): Promise<void> =>
        vi.waitFor(
          () => {
            fireEvent.click(form.getByRole('button', { name: ru.save }));
            expect(bases().at(-1)).toBe(base);
          },
          { timeout: 20_000, interval: 200 },
        );
      await savesWith(3);
      version = 4;
      // What is refused is read anew, and this site is as it was.
      await savesWith(4);
      [version, name] = [5, 'Чужая правка'];
      await savesWith(3);
      expect(screen.getByText('Чужая правка').tagName).toBe('TD');
    },
  );

  it('as a form leaves out what an operator took in, and counts what is alike', () => {
    const [room] = firstPpe().rooms;
    const station = room?.workstations[0];
    if (!room || !station) throw new Error('the sample has no workstation');
    const rooms = [
      {
        ...room,
        workstations: [
          station,
          { ...station, id: 'x', number: 2 },
          { ...station, id: 'y', number: 3, origin: 'adopted' as const },
        ],
      },
    ];
    const draft = draftOf({ ...firstPpe(), rooms });
    expect(draft.workstations).toMatchObject([{ roomCode: room.code, count: '2' }]);
    const other = { ...draft, site: { ...draft.site, kind: 'rcoi', commission: 'subject' } };
    expect(bodyOfDraft(other)).toMatchObject({ site: { period: '', commission: '' } });
  });
});
