/**
 * The one file that is installed on exam PCs: the agent's command line, and with `probe-child` as its
 * first argument the child that the agent forks of the same file.
 */
const [, , first] = process.argv;
const settings = process.env['PPE_PULSE_CONFIG'];
const isVerb = first !== undefined && !first.startsWith('-');
const isNamed = process.argv.some((each) => /^--(?:config\b|help$)/.test(each));
// A person at the PC types the verb alone: where the settings are, the installed command knows.
if (settings !== undefined && isVerb && !isNamed) process.argv.push('--config', settings);

if (first === 'probe-child') await import('./child/probe-child.ts');
else await import('./main.ts');
