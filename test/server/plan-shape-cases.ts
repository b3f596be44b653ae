import { shortPlan } from '../support/plans.ts';
import type { BadPlan } from './bad-plan.ts';

/** Texts that are no YAML, and YAML that is no plan. */
export const badShapes: readonly BadPlan[] = [
  {
    what: 'an empty file',
    text: '',
    lines: [
      '1:1: error: the plan is empty; begin with id, title, date and participants; server/plans holds examples',
    ],
  },
  {
    what: 'a file of comments alone',
    text: '# nothing yet\n',
    lines: [
      '1:1: error: the plan is empty; begin with id, title, date and participants; server/plans holds examples',
    ],
  },
  {
    what: 'a list instead of keys',
    text: '- id: x\n',
    lines: ['1:1: error: [{"id":"x"}] does not fit; expected: keys and values, indented'],
  },
  {
    what: 'a bracket that is not closed',
    add: 'subjects: [russian\n',
    lines: [
      '10:1: error: this is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ]; put right the indent, the quotes or the brackets here',
    ],
  },
  {
    what: 'a tab as indent',
    add: 'print:\n\tsetsPerRoom: 15\n',
    lines: [
      '10:1: error: the indent is a tab; YAML is indented with spaces: put two in place of the tab',
    ],
  },
  {
    what: 'a key that is there twice',
    add: 'title: Другая\n',
    lines: ['9:1: error: the key "title" is there twice; leave one of the two'],
  },
  {
    what: 'a bomb of aliases',
    add: `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n`,
    lines: [
      '10:8: error: the YAML alias "*a"; a plan has no aliases: write the value out',
      '10:12: error: the YAML alias "*a"; a plan has no aliases: write the value out',
      '11:5: error: the YAML alias "*b"; a plan has no aliases: write the value out',
      '11:9: error: the YAML alias "*b"; a plan has no aliases: write the value out',
    ],
  },
  {
    what: 'an alias of itself',
    add: 'subjects: &a [*a]\n',
    lines: ['9:15: error: the YAML alias "*a"; a plan has no aliases: write the value out'],
  },
  {
    what: 'brackets thousands deep',
    add: `subjects: ${'['.repeat(20_000)}\n`,
    lines: [
      '9:43: error: too many brackets or lists inside one another; a plan has five levels at most: take out brackets',
    ],
  },
  {
    what: 'lists thousands deep',
    text: `${'- '.repeat(20_000)}x\n`,
    lines: [
      '1:65: error: too many brackets or lists inside one another; a plan has five levels at most: take out brackets',
    ],
  },
  {
    what: 'a misspelt key',
    add: 'partcipants: {}\n',
    lines: ['9:1: error: partcipants: unknown key "partcipants"; did you mean "participants"?'],
  },
  {
    what: 'a misspelt threshold of a role',
    add: 'thresholds:\n  roles:\n    hq:\n      cpuWarnRato: 0.5\n',
    lines: [
      '12:7: error: thresholds.roles.hq.cpuWarnRato: unknown key "cpuWarnRato"; did you mean "cpuWarnRatio"?',
    ],
  },
  {
    what: 'a key that is near to nothing',
    add: 'emPackage:\n  wallpaperColour: red\n',
    lines: [
      '10:3: error: emPackage.wallpaperColour: unknown key "wallpaperColour"; known here are bytes, deadline, openFrom',
    ],
  },
  {
    what: 'keys that every object of the language has',
    add: 'stages:\n  constructor: { due: "10:00" }\n  __proto__: { due: "10:00" }\n',
    lines: [
      '10:3: error: stages.constructor: unknown key "constructor"; known here are techPrep, emDownload, techControl, actsSent, videoOn, stationsUp, audioTest, keyDownload, keyLoaded, printing, examStarted, groups, examFinished, scanning, answersExported, audioExported, packageSent, rcoiAck, camsOn, anglesOk, overlayOk, portalOk, audioOk, archiveOk, protocol',
      '11:3: error: stages.__proto__: unknown key "__proto__"; known here are techPrep, emDownload, techControl, actsSent, videoOn, stationsUp, audioTest, keyDownload, keyLoaded, printing, examStarted, groups, examFinished, scanning, answersExported, audioExported, packageSent, rcoiAck, camsOn, anglesOk, overlayOk, portalOk, audioOk, archiveOk, protocol',
    ],
  },
  {
    what: 'a plan without an id and a date',
    text: 'title: Апробация\nparticipants: { kinds: [ppe-main] }\n',
    lines: [
      '1:1: error: the key "id" is missing; add it',
      '1:1: error: the key "date" is missing; add it',
    ],
  },
  {
    what: 'a stage that nobody knows',
    add: 'stages:\n  printng: { red: "10:40" }\n',
    lines: ['10:3: error: stages.printng: unknown key "printng"; did you mean "printing"?'],
  },
  {
    what: 'a role that nobody knows',
    add: 'modes:\n  - mode: quiet\n    roles: [organizer, printer]\n    from: "09:30"\n    to: end\n',
    lines: [
      '11:24: error: modes.0.roles.1: "printer" is not known; did you mean "print"? Known are hq, organizer, print, scan, kege, speaking, video, rcoi',
    ],
  },
  {
    what: 'a role of thresholds that nobody knows',
    add: 'thresholds:\n  roles:\n    organiser: {}\n',
    lines: [
      '11:5: error: thresholds.roles.organiser: unknown key "organiser"; did you mean "organizer"?',
    ],
  },
  {
    what: 'a technology that is near to nothing',
    add: 'technologies: [telepathy]\n',
    lines: [
      '9:16: error: technologies.0: "telepathy" is not known; choose of em-internet, print-full-set, scan-in-room, speaking, kege',
    ],
  },
  {
    what: 'a mode that is no rule',
    add: 'modes:\n  - { mode: prep, roles: [kege], from: "09:30", to: end }\n',
    lines: ['10:13: error: modes.0.mode: "prep" is not known; choose of quiet, off'],
  },
  {
    what: 'a mode rule without roles',
    add: 'modes:\n  - { mode: quiet, roles: [], from: "09:30", to: end }\n',
    lines: ['10:27: error: modes.0.roles: the list is empty; name at least 1'],
  },
  {
    what: 'more hosts than are ever asked',
    add: `hosts:\n  videoPortal: [${Array.from({ length: 9 }, (_, at) => `h${at}.example.org`).join(', ')}]\n`,
    lines: [
      '10:16: error: hosts.videoPortal: too many entries in the list: 9; there may be 8 here',
    ],
  },
  {
    what: 'a host with a scheme',
    add: 'hosts:\n  videoPortal: ["https://video.example.org/"]\n',
    lines: [
      '10:17: error: hosts.videoPortal.0: https://video.example.org/ does not fit; expected: a host or host:port without http:// such as video.example.org:443',
    ],
  },
  {
    what: 'a code without quotes',
    text: shortPlan.replace('only: ["0042"]', 'only: [42]'),
    lines: [
      '8:10: error: participants.only.0: without quotes YAML reads the code as a number; write "0042"',
    ],
  },
  {
    what: 'a code of three digits',
    text: shortPlan.replace('"0042"', '"042"'),
    lines: [
      '8:10: error: participants.only.0: 042 does not fit; expected: a code of four digits in quotes such as "0042"',
    ],
  },
  {
    what: 'a time that is none',
    add: 'stages:\n  printing: { red: half past ten }\n',
    lines: [
      '10:20: error: stages.printing.red: half past ten does not fit; expected: a time such as 08:00, T-1 17:00, start+20, end+60, or null',
    ],
  },
  {
    what: 'an exam at 25 o’clock',
    add: 'video: null\nsubjects: [a]\n',
    text: shortPlan.replace('durationMinutes: 210', 'startAt: "25:00", durationMinutes: 210'),
    lines: [
      '5:53: error: exams.0.startAt: 25:00 does not fit; expected: a time HH:MM such as 10:00',
    ],
  },
  {
    what: 'a number that is words',
    add: 'print: { setsPerRoom: fifteen }\n',
    lines: ['9:23: error: print.setsPerRoom: fifteen does not fit; expected: a whole number'],
  },
  {
    what: 'half a page',
    add: 'print: { pagesPerSet: 17.5 }\n',
    lines: ['9:23: error: print.pagesPerSet: 17.5 does not fit; expected: a whole number'],
  },
  {
    what: 'a target above one',
    add: 'stages: { printing: { target: 1.5 } }\n',
    lines: ['9:31: error: stages.printing.target: 1.5 is out of range; it must be from 0 to 1'],
  },
  {
    what: 'a throughput budget above the limit',
    add: 'throughput: { maxBytes: 500000000 }\n',
    lines: [
      '9:25: error: throughput.maxBytes: 500000000 is out of range; it must be from 10000 to 12000000',
    ],
  },
  {
    what: 'a share of five hundred per cent',
    add: 'thresholds: { all: { lossOkRatio: 5 } }\n',
    lines: ['9:35: error: thresholds.all.lossOkRatio: 5 is out of range; it must be from 0 to 1'],
  },
];
