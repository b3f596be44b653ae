import type { DutyAdviceTexts } from './duty-advice-shape.ts';

/** For the duty officer at the telephone: whom to call, what to ask, what to expect, when to hand over. */
export const dutyAdviceEn: DutyAdviceTexts = {
  byLevel: {
    collector: {
      'collector.line':
        'It is us: the situation centre lost its line, there is no need to call a point. Get your administrator and call our own provider; the board revives by itself a minute after the line is back',
      'collector.store':
        'It is us: the store of the collector takes no data; records wait on the PCs of the points and are not lost. Get the administrator of the collector and read the details out',
      any: 'It is us: something is wrong with the collector, there is no need to call a point. Get the administrator of the collector and read the details out',
    },
    region: {
      heartbeat:
        'Look at our own side first: does the Internet work in the situation centre, was the address or the certificate of the collector changed. If all is well here, call the HQ of two points in different municipalities and the regional coordinator, and say how many points it is',
      'net.portal':
        'Try the portal from our own PC: if it does not open here either, it is the portal, so call the regional centre and name the host and the time. If it opens here, call the provider that these points share',
      'clock.skew':
        'First compare the clock of the collector with the exact time: the clocks of a whole region are not wrong at once. If ours is right, ask the regional centre which time server the PCs use',
      'camera.stream':
        'First ask whether all cameras or recorders were updated at once or a common password was changed. Hand the incident over to the video control and say how many points it is; each room has its own 20 minutes without video',
      any: 'Look at our own side first: our line, the collector, the name server. If all is well here, tell the regional coordinator and the regional centre how many points it is and since when',
    },
    provider: {
      heartbeat:
        'Call the provider: say how many points are cut off and since when, ask whether it is an outage and how long it takes. Warn the municipalities: the points are still watched, readings arrive by themselves when the line is back',
      'net.emEta':
        'Call the provider: say at how many points the materials will be late, and the speed that was measured. Warn the regional centre and ask how to hand materials over if it is not repaired in time',
      'camera.stream':
        'Call the provider: say how many points have no video and since when. Hand the incident over to the video control: each room has its own 20 minutes without video',
      any: 'Call the provider: say how many points it is and since when, ask whether it is an outage and how long it takes. If it lasts beyond the deadline of the stage, have the municipalities switch the points to their reserve routes',
    },
    municipality: {
      heartbeat:
        'Call the municipality: do they have power and a line, do they reach the points by telephone. If these points share one provider, call it too and say how many points it is',
      'camera.stream':
        'Call the municipality: do they have power and a line, who looks after the cameras. Hand the incident over to the video control: each room has its own 20 minutes without video',
      any: 'Call the municipality: ask for an outage of power or of the line, and say how many points it is. If they do not know the cause within 10 minutes, tell the regional coordinator',
    },
    site: {
      heartbeat:
        'Call the HQ of the point by telephone: do they have power and Internet, is the HQ PC on. No answer for 5 minutes: call the municipality and have somebody go there',
      'pc.ups':
        'Call the HQ of the point: this looks like a power cut, ask whether it is the whole building and for how long. Tell the municipality at once, and for how many minutes the batteries will last',
      'camera.stream':
        'Call the HQ of the point: do the recorder and the switch of the cameras work, is there Internet. Hand the incident over to the video control and write down since when: 20 minutes without video annul the results of a room',
      'printer.state':
        'Call the HQ of the point: several printers have the same at once, ask about power, network and paper. If it is not repaired in 5 minutes, tell the coordinator how many rooms do not print',
      'iso.internet':
        'Call the HQ of the point at once: several rooms reach the Internet, have the common cable pulled at the switch and the member of the exam commission told. Write down when you called; the incident closes after the next measurements, in about five minutes',
    },
    room: {
      heartbeat:
        'Call the HQ of the point: several PCs of the room are silent at once, have them check its switch, the cable to the HQ and the power. The exam does not stop, but we do not see the room',
    },
  },
  bySpecial: {
    heartbeat: {
      notReturned:
        'Call the HQ of the point: this PC left the network by itself and is not back when it said, have somebody go there. During an exam the stage may simply last longer: ask whether it is over',
    },
    'net.portal': {
      certificateSoon:
        'No need to call the point: all works today. Tell the regional centre the name of the host and the days that its certificate has left',
      certificateExpired:
        'See whether it is one point only: then call its HQ, the clock of the PC is wrong; many points: call the regional centre, the certificate of the portal has ended. Name the host',
    },
    'printer.state': {
      lowToner:
        'Ask the HQ for a spare cartridge and note the answer. Nothing burns: toner does not end at once',
      lowPaper:
        'Ask the HQ whether there is paper for all sets and note the answer. There is time until printing begins',
      serviceNeeded:
        'Call the HQ: have them take the reserve printer and print there. If there is none, call the municipality: a printer is needed before printing begins',
      stuckQueue:
        'Call the HQ: is paper coming out of the printer right now; if so, wait a minute. If not, have them restart the printer and say how many sets are printed',
    },
    'camera.stream': {
      frozen:
        'Call the HQ: have somebody look at the picture and wave before the camera. If the picture is alive, mark a false alarm: an empty quiet room looks frozen',
      black:
        'Call the HQ: is the light on in the room, is the lens covered. If the light is off on purpose, mark it «expected»',
      noSound:
        'Call the HQ: have them switch the microphone of the camera on. The video comes all the same, the room is in no danger',
    },
  },
  byKind: {
    heartbeat:
      'Call the HQ of the point: is this PC on, does it sleep, is its network cable in place. No answer for 5 minutes: call the municipality',
    clone:
      'Call the HQ of the point: have them find the second PC with a copy of this disk and turn it off. Issue a new enrolment file for one of the two; until then do not believe what this PC shows',
    'net.down':
      'Call the HQ of the point: have them take everything else off the line and say what speed the contract has. The next measurement comes in about 10 minutes; if it stays, call the provider and name both speeds',
    'net.rtt':
      'Ask the HQ what is loading the line now. If materials and video come through, do nothing; if not, call the provider',
    'net.loss':
      'Call the HQ of the point: have them check and replace the cable to the router. Losses are counted over 10 minutes, so the incident stays open for a while; if it stays longer, call the provider',
    'net.portal':
      'See whether the portal fails for one point only: then call its HQ; for many: call the regional centre. Name the host and since when',
    'net.reserve':
      'Call the HQ of the point: have them check power, SIM card and antenna of the reserve modem. While the main line lives no exam suffers, but it must be repaired before the key comes',
    'net.emEta':
      'Call the HQ of the point: have them clear the line or take the reserve route. If the forecast is no better in 15 minutes, tell the regional centre and ask how else to hand the materials over',
    'net.uplinkHeadroom':
      'Agree with the HQ what to take off the line before the video is switched on; if it will not do at all, tell the regional coordinator. Upload is measured every 40 minutes, so the incident stays open for a while',
    'iso.internet':
      'Call the HQ of the point at once: have them pull the outer cable, switch Wi-Fi off and tell the member of the exam commission. Write down when you called; the incident closes after the next measurement, in about five minutes',
    'clock.skew':
      'Call the HQ of the point: have them set the exact time on this PC. If it goes wrong again, its battery is flat and a reserve PC is needed',
    'clock.zone':
      'Call the HQ of the point: have them choose the time zone of their municipality. Then ask what time the PC shows and compare',
    'pc.cpu':
      'Ask the HQ what runs on this PC and have them close what is not needed. No restart while it prints or records answers; if it stays, hand over to technical support',
    'pc.ram':
      'Ask the HQ what runs on this PC and have them close what is not needed. Restart in a break only; if it stays, hand over to technical support',
    'pc.disk':
      'Call the HQ of the point: have them free space before the materials come. Nothing may be deleted from the folders of the exam programs; if they do not know what to delete, hand over to technical support',
    'pc.screen':
      'Ask the HQ for another screen or a larger resolution. It must be right before the technical control',
    'pc.software':
      'Call the HQ of the point and name the program of the details; have it installed before the technical control. If it is there under another name, hand over to technical support, who correct the list',
    'pc.ups':
      'Call the HQ of the point: is it one plug, or has the whole building no power. No power: call the municipality at once and say for how many minutes the battery will last',
    'app.running':
      'Call the HQ of the point: is the exam program open on this PC. If it crashes again, have them prepare the reserve workstation and hand over to technical support',
    'printer.state':
      'Call the HQ of the point: what does the printer show and how long will it take. If it is not repaired in 5 minutes, or printing begins in less than 10, have them take the reserve printer',
    'printer.paper':
      'Ask the HQ whether there is paper for all sets: they can name the packs. If not, call the municipality and have some brought before printing begins',
    'printer.eta':
      'Call the HQ of the point: have them share the sets with the reserve printer. Tell the coordinator how much later this room will be: the exam waits for the last one',
    'printer.testPage':
      'Ask the HQ to print a test page on this printer. The incident closes by itself a minute after it is printed',
    'scanner.state':
      'Call the HQ of the point: what is wrong with the scanner and is there a reserve one. There is time until the exam ends; once forms are being sent do not wait longer than 10 minutes, take the reserve',
    'audio.out':
      'Call the HQ of the point: can the test recording be heard in this room. No sound 10 minutes before the start: have them take other loudspeakers or the reserve PC',
    'audio.headset':
      'Call the HQ of the point: have the headset tested with a recording and replaced if it fails. If answers are being recorded, do not interrupt: ask the organizer first',
    'camera.stream':
      'Call the HQ of the point: does the camera have power, does the recorder see it. Write down since when: after 15 minutes without video have the HQ tell the member of the exam commission, 20 annul the results',
    'camera.outage':
      'Call the HQ of the point if the room still has no video; otherwise only write the outage down. Outages add up over the day: at 15 minutes have the HQ tell the member of the exam commission, and tell the regional coordinator',
    'camera.overlay':
      'Ask the video control to compare the overlay: region, code of the point, room. If it is wrong, have the HQ correct it in the camera before the exam',
    'collector.line':
      'It is us: the situation centre lost its line, there is no need to call a point. Get your administrator and call our own provider',
    'collector.store':
      'It is us: the store of the collector takes no data; records wait on the PCs of the points and are not lost. Get the administrator of the collector and read the details out',
  },
  byGroup: {
    calm: 'No need to call: it passes by itself or is on purpose. Look again in 5 minutes',
    blind:
      'We cannot see it any more: call the HQ of the point and ask whether the device works. If it does, note the answer and ask for a restart of the PC in a break',
    setup:
      'It is a setting of PPE·Pulse and no breakdown: ask the HQ what is plugged in and hand over to technical support. The exam does not suffer, but nobody watches the device',
    silent:
      'Call the HQ of the point: is the PC on, is its cable in place. No answer for 5 minutes: call the municipality',
    away: 'Call the HQ of the point: this PC was shut down or fell asleep, and the plan needs it. Have it turned on; if it is not needed any more, mark it «expected»',
    clone:
      'Call the HQ of the point: have them find the second PC with a copy of this disk. Until then do not believe what it shows',
    load: 'Ask the HQ what takes up this PC or device, and how much is left. If it stays until the stage begins, hand over to technical support',
    line: 'Call the HQ of the point: check cable and router, take everything else off the line. If it stays for 10 minutes, call the provider',
    portal:
      'See whether it is one point only: then call its HQ; many points: call the regional centre. Name the host',
    device:
      'Call the HQ of the point: what is wrong with the device and how long will it take. If it is not repaired in 5 minutes, have them take the reserve',
    test: 'Ask the HQ to test the device: print or scan a test sheet. Once the test succeeds the incident closes by itself',
    video:
      'Call the HQ of the point: does the camera have power, does the recorder see it. Hand the incident over to the video control',
    annul:
      'URGENT: call the HQ of the point, the head and the member of the exam commission must know that the room has no video. Tell the regional coordinator and write down the time',
    isolation:
      'Call the HQ of the point at once: take this PC off the Internet and tell the member of the exam commission. Write down when you called',
    power:
      'Call the HQ of the point: do they have power, how long will the battery last. No power: call the municipality at once',
    program:
      'Call the HQ of the point and name the program or the setting of the details. If they cannot repair it, hand over to technical support',
    clock:
      'Call the HQ of the point: set the right time and zone on this PC. Then ask what the PC shows and compare',
    own: 'It is us: something is wrong with the collector, there is no need to call a point. Get the administrator of the collector',
  },
  unknown:
    'Read the details, call the HQ of the point and ask what they see. If it is unclear, hand over to technical support',
};
