import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * What axe finds with all of its rules but the experimental ones, a line a finding. Axe rests between
 * its steps: on a page whose clock stands still `pass` lets the time of its pauses go by.
 */
export async function violationsOf(
  page: Page,
  pass?: (ms: number) => Promise<void>,
): Promise<string[]> {
  // One window without frames of other origins: no blank page is opened for the answer.
  // Of what passes only a sample is described: a path to each of a thousand elements is most of the work.
  const running = new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .analyze();
  const state = { isDone: false };
  const done = running.finally(() => {
    state.isDone = true;
  });
  if (pass) while (!state.isDone) await Promise.race([done, pass(1)]);
  const { violations } = await running;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => {
      const [, why = ''] = failureSummary.split('\n');
      return `${id}: ${target.join(' ')} — ${why.trim()}`;
    }),
  );
}
