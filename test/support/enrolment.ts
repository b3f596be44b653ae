import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Region, Site } from '@ppe-pulse/protocol';
import type { EnrolmentFile, SignedDocument } from '@ppe-pulse/protocol/enrolment';
import type { Collector } from '../../server/src/collector.ts';
import { api } from './collector.ts';
import { commands, runToEnd, start, type Child } from './processes.ts';
import { tempDir } from './temp-dir.ts';

const DAY_MS = 86_400_000;

/** A day of the calendar, so many days from now, as files are asked for. */
export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

/** The days around now: a file for them is valid. */
export const theseDays = { validFrom: dayFromNow(-2), validTo: dayFromNow(2) } as const;

/** How a collector of a test is asked; one with TLS has a way of its own. */
export type AskApi = (
  path: string,
  init?: { readonly method?: string; readonly body?: unknown },
) => Promise<{ readonly status: number; readonly body: unknown }>;

/** By plain HTTP, as scripts do. */
export function plainApi(collector: Collector): AskApi {
  return async (path, init = {}) => api(collector, path, { method: 'GET', ...init });
}

/** Invented sites of a registry. */
export async function sampleSites(ask: AskApi, ppe = 3): Promise<readonly Site[]> {
  const made = await ask('/api/v1/registry/sample', { method: 'POST', body: { ppe, seed: 668 } });
  expect(made.status).toBe(200);
  const { body } = await ask('/api/v1/registry/sites?limit=2000');
  return (body as { readonly items: Region['sites'] }).items;
}

/** A file as a person gets it, and what is in it. */
export interface GotFile {
  readonly path: string;
  readonly document: SignedDocument;
  readonly file: EnrolmentFile;
}

/** Has a file made and puts it onto a stick. */
export async function getFile(
  ask: AskApi,
  siteCode: string,
  more: Readonly<Record<string, unknown>> = theseDays,
): Promise<GotFile> {
  const made = await ask('/api/v1/enrolments', { method: 'POST', body: { siteCode, ...more } });
  expect(made).toMatchObject({ status: 201 });
  return onStick(made.body);
}

/** A document of a file as it lies on a stick. */
export function onStick(body: unknown): GotFile {
  const document = body as SignedDocument;
  const path = join(tempDir(), 'ppe.enrolment.json');
  writeFileSync(path, JSON.stringify(document));
  return { path, document, file: JSON.parse(document.text) as EnrolmentFile };
}

/** What the list of a site says. */
export interface Shown {
  readonly codeId: string;
  readonly state: string;
  readonly roomCode: string;
  readonly role: string;
  readonly workstationId?: string;
  readonly askers: readonly { readonly workstationId: string }[];
  readonly way: string | null;
  readonly isCloned?: boolean;
}

/** The list of enrolments of a site. */
export async function shownAt(ask: AskApi, siteCode: string): Promise<readonly Shown[]> {
  const { body } = await ask(`/api/v1/enrolments?site=${siteCode}`);
  return (body as { readonly items: readonly Shown[] }).items;
}

/** A PC with the agent, that nobody has enrolled. */
export interface ExamPc {
  readonly home: string;
  readonly dataDir: string;
  enroll(...flags: string[]): ReturnType<typeof runToEnd>;
  run(...flags: string[]): Child;
  command(...flags: string[]): ReturnType<typeof runToEnd>;
  /** The text of a file in its data folder. */
  text(name: string): string;
}

/** Sets one up; `env` is that of its commands. */
export function examPc(settings: object = {}, env: Record<string, string> = {}): ExamPc {
  const home = tempDir();
  const config = join(home, 'agent.yaml');
  writeFileSync(config, JSON.stringify(settings));
  const end = ['--config', config];
  const dataDir = join(home, 'data');
  return {
    home,
    dataDir,
    enroll: async (...flags) => runToEnd(commands.agent, ['enroll', ...flags, ...end], env),
    run: (...flags) => start(commands.agent, ['run', ...flags, ...end], env),
    command: async (...flags) => runToEnd(commands.agent, [...flags, ...end], env),
    text: (name) => readFileSync(join(dataDir, name), 'utf8'),
  };
}
