import type { RegionTexts } from './region-words.ts';

/** English words of the region's import. `{found}` and `{expected}` are filled in. */
export const regionEn: RegionTexts = {
  problems: {
    tooManyFiles: '{found} files, and one import takes {expected} at most',
    filesTooBig: 'the files have {found} MB, and together may have {expected} MB',
    unknownFormat: 'this is neither CSV nor XLSX: save the table as one of them',
    oldXls: 'this is the old XLS format: save the workbook as XLSX',
    encrypted: 'the file has a password: take it off and save again',
    damagedXlsx: 'the XLSX workbook is damaged: open it and save it again',
    tooBigInside:
      'the workbook is too big inside (limit {expected} MB): delete empty rows and spare sheets',
    tooManyEntries:
      'the file has {found} parts inside, up to {expected} are possible: this is no usual XLSX',
    tooManySheets: '{found} sheets, up to {expected} are possible: delete the spare ones',
    mergedCells: 'merged cells {found}: split them and fill in each row',
    formulaWithoutValue: 'a formula without a value: open the workbook, recalculate and save it',
    cellError: 'the formula in the cell failed: mend it or type the value',
    badQuotes: 'a quote is not closed: double the quotes inside of a value, or drop them',
    tooManyRows: 'more rows than {expected}: split the table or delete what is spare',
    tooManyColumns: 'more columns than {expected}: delete the spare ones',
    importTooLong: 'reading took longer than a minute: delete empty rows and spare sheets',
    noTable:
      'no table is seen: the row of headers needs "site code" and one more known column; take the template',
    noSites: 'there is not one row in the files: fill in the table of sites',
    doubleColumn: 'column "{found}" repeats "{expected}": keep one',
    missingColumn: 'column "{expected}" is missing: add it',
    personalColumn:
      'looks like data of a person: delete the column. Only the duty phone belongs here, no names and no e-mails',
    personalValue: 'looks like a person’s name or e-mail: delete it. None belong here',
    tooLong: 'the text is longer than {expected} characters: shorten it',
    required: 'is empty: type the value',
    badCode: '"{found}" is no code: four digits are expected, such as 0012',
    badKind: '"{found}" is no kind of site: ppe, rcoi or commission is expected',
    badPeriod: '"{found}" is no period: early or main is expected',
    badCommission: '"{found}" is no kind of commission: subject or appeal is expected',
    notOfPpe: 'only a PPE has a period ("{found}"): clear the cell or correct the kind',
    notOfCommission:
      'only a commission has a commission kind ("{found}"): clear the cell or correct the kind',
    unknownMunicipality:
      'the region has no municipality "{found}": type its name or slug from the list',
    ambiguousMunicipality: 'two municipalities are called "{found}": type the slug ({expected})',
    badTimeZone: '"{found}" is no time zone: one such as Asia/Novokuznetsk is expected',
    badFlag: '"{found}": yes or no is expected',
    badNumber: '"{found}": a number is expected, {expected}',
    badPhone: '"{found}" is no phone: digits are expected, such as +7 384 212-34-56',
    badPurpose:
      '"{found}" is no purpose: written, kege, speaking, hq, video are expected, commas between',
    badRole:
      '"{found}" is no role: hq, organizer, print, scan, kege, speaking, video or rcoi is expected',
    badDuty: '"{found}": main or reserve is expected',
    duplicate: '{found} is in {expected} already: delete one of the rows',
    conflict: '"{found}", and before it "{expected}" of the same place: correct one of the two',
    unknownSite: 'site {found} is not in the table of sites: add it or correct the code',
    unknownRoom: 'room {found} is not in the table of rooms: add it or correct the code',
    tooManySites: '{found} sites, up to {expected} are possible',
    tooManyRooms: '{found} rooms at the site, up to {expected} are possible',
    tooManyWorkstations: '{found} workstations at the site, up to {expected} are possible',
  },
  warnings: {
    zerosAdded:
      '"{found}" is read as {expected}: the spreadsheet lost the zeros; make the column a text',
    formulaValue: 'a formula: the value that the spreadsheet saved last is taken',
    unknownColumn: 'column "{found}" is not read',
    sheetIgnored: 'the sheet is not read: no table is seen in it',
    emptyTable: 'there is not one row under the headers',
    adoptedLost: 'workstation {found}, which an operator took in, goes with its site',
  },
  didYouMean: 'did you mean "{expected}"?',
  place: { sheet: 'sheet "{sheet}"', row: 'row {row}', column: 'column "{column}"' },
};
