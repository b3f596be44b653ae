/**
 * Folders of tests that start no process, no server of ours and no browser. They share their modules,
 * which keep no state: reading them anew for each of 130 files took most of the time.
 */
export const fastTests = [
  'test/tidy.test.ts',
  'test/lock.test.ts',
  'test/protocol',
  'test/agent',
  'test/server',
  'test/board',
];
export const fastFlags = ['--maxWorkers=2', '--no-isolate'];
