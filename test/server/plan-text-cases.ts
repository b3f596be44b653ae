import { shortPlan } from '../support/plans.ts';
import type { BadPlan } from './bad-plan.ts';
import { badShapes } from './plan-shape-cases.ts';

/** Every way in which the text of a plan is refused or warned of; nothing is left out. */
export const badPlans: readonly BadPlan[] = [
  ...badShapes,
  {
    what: 'the thirtieth of February',
    text: shortPlan.replace('2026-05-20', '2026-02-30'),
    lines: ['3:7: error: date: there is no day 2026-02-30 in the calendar; put the date right'],
  },
  {
    what: 'a date of two years ago',
    text: shortPlan.replace('2026-05-20', '2024-05-15'),
    lines: [
      '3:7: error: date: the date 2024-05-15 was 716 days ago; put the date right; for the plan of a past day write archive: true',
    ],
  },
  {
    what: 'a date far ahead',
    text: shortPlan.replace('2026-05-20', '2028-05-17'),
    lines: ['3:7: warning: date: the date 2028-05-17 is 747 days ahead; look at the year'],
  },
  {
    what: 'a zone that is none',
    add: 'timeZone: Asia/Kemerovo\n',
    lines: [
      '9:11: error: timeZone: there is no time zone "Asia/Kemerovo"; write an IANA zone such as Asia/Novokuznetsk',
      '9:11: warning: timeZone: the plan is in the zone Asia/Kemerovo, the region in Asia/Novokuznetsk; sites without a zone go by the region’s: make the two equal',
    ],
  },
  {
    what: 'a time two days from the exam',
    add: 'stages: { scanning: { due: end+2000 } }\n',
    lines: [
      '9:28: error: stages.scanning.due: the time "end+2000" does not fit; write 08:00, T-1 17:00, start+20 or end+60; a day away at most',
    ],
  },
  {
    what: 'a time of an exam where there is none',
    text:
      shortPlan.replace(/^exams:.*$/m, 'video: { participants: [ppe-main] }') +
      'stages: { camsOn: { due: start-120 } }\n',
    lines: [
      '9:26: error: stages.camsOn.due: the time "start-120" counts from an exam, and the plan has none; add exams, or write a time HH:MM',
    ],
  },
  {
    what: 'amber before it is due',
    add: 'stages:\n  printing: { due: "10:25" }\n  examStarted: { due: "10:25", amber: "10:25" }\n',
    lines: [
      '10:20: error: stages.printing.due: stage printing: amber 10:20 comes before it is due at 10:25; move amber to 10:25 or later',
    ],
  },
  {
    what: 'red before amber',
    add: 'stages:\n  printing: { amber: "10:45", red: "10:25" }\n',
    lines: [
      '10:36: error: stages.printing.red: stage printing: red 10:25 comes before amber 10:45; move red to 10:45 or later',
    ],
  },
  {
    what: 'red before it is due, without amber',
    add: 'stages:\n  printing: { amber: null, red: "10:00" }\n',
    lines: [
      '10:33: error: stages.printing.red: stage printing: red 10:00 comes before it is due at 10:15; move red to 10:15 or later',
    ],
  },
  {
    what: 'red for what is never due',
    add: 'stages:\n  scanning: { due: null, red: end+90 }\n',
    lines: [
      '10:31: error: stages.scanning.red: stage scanning: there is red end+90 and nothing is due; name due, or take red out',
    ],
  },
  {
    what: 'a stage due before the one it follows',
    add: 'stages:\n  keyLoaded: { due: "09:00", amber: "09:00", red: "09:10" }\n',
    lines: [
      '10:21: error: stages.keyLoaded.due: stage keyLoaded is due at 09:00, before the stage keyDownload that it follows (09:30); move one of the two',
    ],
  },
  {
    what: 'a quiet span that ends before it begins',
    add: 'modes:\n  - { mode: quiet, roles: [kege], from: "10:00", to: start-30 }\n',
    lines: [
      '10:54: error: modes.0.to: the begin 10:00 is not before the end start-30; swap them, or put one of them right',
    ],
  },
  {
    what: 'a package that is due before it may be fetched',
    add: 'emPackage: { openFrom: T-1 18:00 }\n',
    lines: [
      '9:12: error: emPackage.deadline: the begin T-1 18:00 is not before the end T-1 17:00; swap them, or put one of them right',
    ],
  },
  {
    what: 'an exam over midnight',
    text: shortPlan.replace('durationMinutes: 210', 'startAt: "22:00", durationMinutes: 210'),
    lines: [
      '5:79: error: exams.0.durationMinutes: the exam "russian" from 22:00 takes 210 min and goes over midnight; put its start or its duration right',
    ],
  },
  {
    what: 'speed tests while the key comes',
    add: 'throughput: { closedFrom: "09:45" }\n',
    lines: [
      '9:27: error: throughput.closedFrom: with 09:45 speed tests fall into 09:15–10:30, when the key comes and rooms print; close at least 09:15–10:30',
    ],
  },
  {
    what: 'speed tests ten times a minute',
    add: 'throughput: { everyMinutes: 0.1 }\n',
    lines: [
      '9:29: error: throughput.everyMinutes: speed tests come more than once a minute (0.1 min); set 1 or more; 0 switches them off',
    ],
  },
  {
    what: 'a plan of nothing',
    text: shortPlan.replace(/^exams:.*\n/m, ''),
    lines: ['1:1: error: the plan has neither exams nor a video test; add exams or video'],
  },
  {
    what: 'a ППЭ twice in only',
    text: shortPlan.replace('["0042"]', '["0042", "4216", "0042"]'),
    lines: ['8:26: error: participants.only.2: "0042" is in the list twice; leave it once'],
  },
  {
    what: 'a ППЭ twice in except',
    text: shortPlan.replace('only: ["0042"]', 'except: ["0042", "0042"]'),
    lines: ['8:20: error: participants.except.1: "0042" is in the list twice; leave it once'],
  },
  {
    what: 'a ППЭ in only and in except',
    text: shortPlan.replace('only: ["0042"]', 'only: ["0042"]\n  except: ["0042"]'),
    lines: [
      '9:12: error: participants.except.0: 0042 is both in only and in except; leave it in one of them',
    ],
  },
  {
    what: 'sites that are tested by two',
    add: 'video: { participants: [ppe-main], municipal: [ppe-main] }\n',
    lines: [
      '9:48: error: video.municipal.0: ppe-main is both in participants and in municipal; leave it in one of them',
    ],
  },
  {
    what: 'a municipality that tests the РЦОИ',
    add: 'video: { participants: [ppe-main], municipal: [rcoi] }\n',
    lines: [
      '9:48: error: video.municipal.0: rcoi: a municipality tests PPE on its own, nothing else; move it to video.participants',
    ],
  },
  {
    what: 'an exam twice',
    text: shortPlan.replace(/^exams: \[(.*)\]$/m, 'exams: [$1, $1]'),
    lines: [
      '5:79: error: exams.1.subject: the exam "russian" (written) is there twice; leave one of the two',
    ],
  },
  {
    what: 'a technology without its exam',
    add: 'technologies: [kege]\n',
    lines: [
      '9:16: warning: technologies.0: the technology kege is named and there is no exam of that kind; add the exam, or take the technology out',
    ],
  },
  {
    what: 'an exam without its technology',
    text: shortPlan.replace('written', 'speaking'),
    lines: [
      '5:35: warning: exams.0.kind: there is an exam of the kind speaking and the technology is not named; add speaking to technologies',
    ],
  },
  {
    what: 'a Штаб that goes quiet',
    add: 'modes:\n  - { mode: "off", roles: [hq, video], from: "09:30", to: end }\n',
    lines: [
      '10:28: error: modes.0.roles.0: the role hq is never off: it is heard all day; take hq out of this rule',
      '10:32: error: modes.0.roles.1: the role video is never off: it is heard all day; take video out of this rule',
    ],
  },
  {
    what: 'a failure that is milder than the warning',
    add: 'thresholds: { all: { cpuFailRatio: 0.5 } }\n',
    lines: [
      '9:36: error: thresholds.all.cpuFailRatio: the limit cpuFailRatio = 0.5 is milder than cpuWarnRatio = 0.9 (role hq); make cpuFailRatio stricter than cpuWarnRatio, or equal to it',
    ],
  },
  {
    what: 'a limit for all that contradicts a role’s own',
    add: 'thresholds: { all: { diskWarnFreeBytes: 5000000000 } }\n',
    lines: [
      '9:41: error: thresholds.all.diskWarnFreeBytes: the limit diskFailFreeBytes = 10000000000 is milder than diskWarnFreeBytes = 5000000000 (role speaking); make diskFailFreeBytes stricter than diskWarnFreeBytes, or equal to it',
    ],
  },
  {
    what: 'a ППЭ that the region does not hold',
    text: shortPlan.replace('["0042"]', '["4216", "9999"]'),
    lines: [
      '8:18: error: participants.only.1: the region holds no site 9999; put the code right, or import a registry that has it',
    ],
  },
  {
    what: 'a ППЭ of the other period',
    text: shortPlan.replace('["0042"]', '["4216", "1001"]'),
    lines: [
      '8:18: warning: participants.only.1: 1001 is a site of the kind ppe-early, which only does not take in; take the code out, or add the kind to participants.kinds',
    ],
  },
  {
    what: 'participants that nobody is',
    text: shortPlan.replace('[ppe-main, rcoi]', '[ppe-main, appeal-commission]'),
    lines: [
      '7:21: warning: participants.kinds.1: the region holds no site of the kind appeal-commission; look at the registry: this line does nothing',
    ],
  },
];
