import type { PlanTexts } from './plan-words.ts';

/** English texts of what is wrong with a plan. */
export const planEn: PlanTexts = {
  expectations: {
    planId: 'a short name in Latin letters such as "2024-05-15"',
    text: 'some text, 120 characters at most',
    date: 'a date YYYY-MM-DD such as 2024-05-15',
    timeZone: 'an IANA zone such as Asia/Novokuznetsk',
    flag: 'true or false',
    code: 'a code of four digits in quotes such as "0042"',
    timeOfDay: 'a time HH:MM such as 10:00',
    planTime: 'a time such as 08:00, T-1 17:00, start+20 or end+60',
    planTimeOrNull: 'a time such as 08:00, T-1 17:00, start+20, end+60, or null',
    host: 'a host or host:port without http:// such as video.example.org:443',
    number: 'a number',
    wholeNumber: 'a whole number',
    choice: 'one of {known}',
    list: 'a list',
    keys: 'keys and values, indented',
    keysOrNull: 'keys and values, indented, or null',
  },
  problems: {
    planEmpty: [
      'the plan is empty',
      'begin with id, title, date and participants; server/plans holds examples',
    ],
    planTooLong: [
      'the plan is longer than {max} characters ({got})',
      'take out comments and lists that it does not need',
    ],
    planTooDeep: [
      'too many brackets or lists inside one another',
      'a plan has five levels at most: take out brackets',
    ],
    notYaml: [
      'this is no YAML: {message}',
      'put right the indent, the quotes or the brackets here',
    ],
    tabIndent: ['the indent is a tab', 'YAML is indented with spaces: put two in place of the tab'],
    duplicateKey: ['the key "{key}" is there twice', 'leave one of the two'],
    aliasForbidden: ['the YAML alias "{alias}"', 'a plan has no aliases: write the value out'],
    unknownKey: ['unknown key "{key}"', 'known here are {known}'],
    unknownKeyNear: ['unknown key "{key}"', 'did you mean "{near}"?'],
    missingKey: ['the key "{key}" is missing', 'add it'],
    wrongValue: ['{got} does not fit', 'expected: {expected}'],
    wrongChoice: ['"{got}" is not known', 'choose of {known}'],
    wrongChoiceNear: ['"{got}" is not known', 'did you mean "{near}"? Known are {known}'],
    outOfRange: ['{got} is out of range', 'it must be from {min} to {max}'],
    tooMany: ['too many entries in the list: {got}', 'there may be {max} here'],
    tooFew: ['the list is empty', 'name at least {min}'],
    codeNotQuoted: ['without quotes YAML reads the code as a number', 'write "{code}"'],
    noSuchDate: ['there is no day {date} in the calendar', 'put the date right'],
    dateOld: [
      'the date {date} was {days} days ago',
      'put the date right; for the plan of a past day write archive: true',
    ],
    dateFar: ['the date {date} is {days} days ahead', 'look at the year'],
    noSuchZone: ['there is no time zone "{zone}"', 'write an IANA zone such as Asia/Novokuznetsk'],
    noSuchTime: [
      'the time "{time}" does not fit',
      'write 08:00, T-1 17:00, start+20 or end+60; a day away at most',
    ],
    noExam: [
      'the time "{time}" counts from an exam, and the plan has none',
      'add exams, or write a time HH:MM',
    ],
    amberBeforeDue: [
      'stage {stage}: amber {amber} comes before it is due at {due}',
      'move amber to {due} or later',
    ],
    redBeforeDue: [
      'stage {stage}: red {red} comes before it is due at {due}',
      'move red to {due} or later',
    ],
    redBeforeAmber: [
      'stage {stage}: red {red} comes before amber {amber}',
      'move red to {amber} or later',
    ],
    limitWithoutDue: [
      'stage {stage}: there is {key} {time} and nothing is due',
      'name due, or take {key} out',
    ],
    stageBeforePredecessor: [
      'stage {stage} is due at {due}, before the stage {predecessor} that it follows ({predecessorDue})',
      'move one of the two',
    ],
    fromAfterTo: [
      'the begin {from} is not before the end {to}',
      'swap them, or put one of them right',
    ],
    examOverMidnight: [
      'the exam "{subject}" from {startAt} takes {durationMinutes} min and goes over midnight',
      'put its start or its duration right',
    ],
    closedHoursShort: [
      'with {got} speed tests fall into {closedFrom}–{closedTo}, when the key comes and rooms print',
      'close at least {closedFrom}–{closedTo}',
    ],
    probesTooOften: [
      'speed tests come more than once a minute ({got} min)',
      'set 1 or more; 0 switches them off',
    ],
    nothingRehearsed: ['the plan has neither exams nor a video test', 'add exams or video'],
    listedTwice: ['"{item}" is in the list twice', 'leave it once'],
    codeInBoth: ['{code} is both in only and in except', 'leave it in one of them'],
    kindInBoth: ['{kind} is both in participants and in municipal', 'leave it in one of them'],
    municipalNotPpe: [
      '{kind}: a municipality tests PPE on its own, nothing else',
      'move it to video.participants',
    ],
    examTwice: ['the exam "{subject}" ({kind}) is there twice', 'leave one of the two'],
    technologyWithoutExam: [
      'the technology {technology} is named and there is no exam of that kind',
      'add the exam, or take the technology out',
    ],
    examWithoutTechnology: [
      'there is an exam of the kind {technology} and the technology is not named',
      'add {technology} to technologies',
    ],
    neverQuiet: [
      'the role {role} is never {mode}: it is heard all day',
      'take {role} out of this rule',
    ],
    failMilderThanWarn: [
      'the limit {severe} = {severeValue} is milder than {mild} = {mildValue} (role {role})',
      'make {severe} stricter than {mild}, or equal to it',
    ],
    codeUnknown: [
      'the region holds no site {code}',
      'put the code right, or import a registry that has it',
    ],
    codeOfOtherKind: [
      '{code} is a site of the kind {kind}, which only does not take in',
      'take the code out, or add the kind to participants.kinds',
    ],
    kindMatchesNobody: [
      'the region holds no site of the kind {kind}',
      'look at the registry: this line does nothing',
    ],
    zoneOfRegionDiffers: [
      'the plan is in the zone {zone}, the region in {regionZone}',
      'sites without a zone go by the region’s: make the two equal',
    ],
  },
  error: 'error',
  warning: 'warning',
};
