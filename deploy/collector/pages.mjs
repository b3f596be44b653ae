/** The pages that come with the collector: those it is kept by, and whatever they lead to. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { put } from '../package/tree.mjs';

const FIRST = ['operating.md', 'enrolment.md', 'access.md'].map((name) => join('docs', name));
const LINK = /\]\(([^)\s]+)\)/g;

/** Copies them to the same places below `to`; throws for a link that leads nowhere. */
export function putPages(root, to) {
  for (const page of reached(root)) put(join(root, page), join(to, page));
}

/** Files by their paths below the root: a link of a page is a file more. */
function reached(root) {
  const files = new Set(FIRST);
  // What is added while it is gone through comes later in it.
  for (const file of files)
    if (file.endsWith('.md')) for (const each of linkedFrom(root, file)) files.add(each);
  return [...files].toSorted();
}

function linkedFrom(root, page) {
  return [...readFileSync(join(root, page), 'utf8').matchAll(LINK)]
    .map(([, target]) => target.split('#')[0])
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .map((target) => {
      const file = normalize(join(dirname(page), target));
      if (!file.startsWith('..') && statSync(join(root, file), { throwIfNoEntry: false })?.isFile())
        return file;
      throw new Error(`${page} leads to ${target}, and there is no such file`);
    });
}
