import type { RoomTexts } from './room-texts.ts';

export const roomEn: RoomTexts = {
  rooms: 'Rooms and devices',
  roomColumn: 'Room',
  columns: {
    pc: 'PC and link',
    printer: 'Printer',
    scanner: 'Scanner',
    camera1: 'Camera 1',
    camera2: 'Camera 2',
    audio: 'Sound',
    line: 'Line',
  },
  camerasFrom2: (last) => `Cameras 2–${last}`,
  fine: 'well',
  fineOf: { pc: 'connected' },
  wasFine: 'was well',
  was: (word) => `was: ${word}`,
  notKnown: 'not known',
  absent: 'none',
  quiet: 'by plan',
  waitsForPlan: 'needs the plan',
  partOf: (upset, total) => `${upset}\u00a0of\u00a0${total}`,
  fromStick: (age) => `flash drive, ${age} ago`,
  underMinute: 'less than a minute',
  short: {},
};
