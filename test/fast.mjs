/**
 * Folders of tests that start no process and no browser. They share their modules, which keep no state:
 * reading them anew for each of 130 files took most of the time. Some wait for a collector's second: three
 * side by side keep two cores busy.
 */
export const fastTests = [
  'test/tidy.test.ts',
  'test/lock.test.ts',
  'test/protocol',
  'test/agent',
  'test/server',
  'test/board',
];
export const fastFlags = ['--maxWorkers=3', '--no-isolate'];
