/**
 * The one file that is installed on exam PCs: the agent's command line, and with `probe-child` as its
 * first argument the child that the agent forks of the same file.
 */
if (process.argv[2] === 'probe-child') await import('./child/probe-child.ts');
else await import('./main.ts');
