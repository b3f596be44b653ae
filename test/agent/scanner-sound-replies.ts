/** Of an office machine in the middle of a stack. */
export const status = `<?xml version="1.0" encoding="UTF-8"?>
<!-- THIS DATA SUBJECT TO DISCLAIMER(S) INCLUDED WITH THE PRODUCT OF ORIGIN. -->
<scan:ScannerStatus xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg='http://www.pwg.org/schemas/2010/12/sm'>
	<pwg:Version>2.63</pwg:Version>
	<pwg:State>Processing</pwg:State>
	<scan:AdfState>ScannerAdfLoaded</scan:AdfState>
	<scan:Jobs>
		<scan:JobInfo>
			<pwg:JobUri>/eSCL/ScanJobs/1</pwg:JobUri><scan:Age>12</scan:Age>
			<pwg:ImagesCompleted>3</pwg:ImagesCompleted><pwg:ImagesToTransfer>1</pwg:ImagesToTransfer>
			<pwg:JobState>Processing</pwg:JobState>
			<pwg:JobStateReasons><pwg:JobStateReason>JobScanning</pwg:JobStateReason></pwg:JobStateReasons>
		</scan:JobInfo>
		<scan:JobInfo><pwg:ImagesCompleted>9</pwg:ImagesCompleted><pwg:JobState>Completed</pwg:JobState></scan:JobInfo>
		<scan:JobInfo><pwg:ImagesCompleted>0</pwg:ImagesCompleted><pwg:JobState>Pending</pwg:JobState></scan:JobInfo>
		<scan:JobInfo><pwg:JobState>Canceled</pwg:JobState></scan:JobInfo>
	</scan:Jobs>
</scan:ScannerStatus>
`;
/** With every kind of text that XML has. */
export const capabilities = `<s:ScannerCapabilities xmlns:s="u"><p:MakeAndModel>HP &quot;LaserJet&quot; &#77;FP<![CDATA[ M4 ]]></p:MakeAndModel><s:Adf><s:AdfSimplexInputCaps/><s:AdfDuplexInputCaps><s:DiscreteResolution><s:XResolution>300</s:XResolution></s:DiscreteResolution><s:DiscreteResolution><s:XResolution>75</s:XResolution></s:DiscreteResolution><s:DiscreteResolution><s:XResolution>300</s:XResolution></s:DiscreteResolution></s:AdfDuplexInputCaps></s:Adf></s:ScannerCapabilities>`;
/** Of scanimage 1.1.1. */
export const list = `test:0|Noname|frontend-tester|virtual device|0
airscan:e0:Probe Sim|eSCL|Probe Sim|ip=127.0.0.1|1
`;
/** Recorded of pactl 16.1, with ports as sound cards have them. */
export const sources = JSON.stringify([
  {
    index: 0,
    state: 'IDLE',
    name: 'out.monitor',
    mute: false,
    volume: { mono: { value: 65_536, value_percent: '100%', db: '0.00 dB' } },
    monitor_source: 'out',
    properties: { 'device.class': 'monitor' },
    ports: [],
  },
  {
    index: 1,
    state: 'SUSPENDED',
    name: 'alsa_input.pci-0000_00_1f.3.analog-stereo',
    mute: true,
    volume: { 'front-left': { value: 32_768 }, 'front-right': { value: 19_661 } },
    properties: { 'device.class': 'sound' },
    ports: [
      { name: 'mic', availability: 'not available' },
      { name: 'headset', availability: 'availability unknown' },
    ],
  },
  {
    index: 2,
    state: 'RUNNING',
    name: 'alsa_input.usb-headset',
    mute: false,
    volume: { mono: { value: 65_536 } },
    properties: {},
    ports: [],
  },
  { index: 3, name: 'empty', mute: false, ports: [{ name: 'a', availability: 'not available' }] },
]);
/** The shape of pactl 12 and 14, as of Astra 1.7. */
export const sinksText = `Sink #0
	State: RUNNING
	Name: alsa_output.pci-0000_00_1f.3.analog-stereo
	Description: Встроенное аудио
	Mute: yes
	Volume: front-left: 45875 /  70% / -9.29 dB,   front-right: 26214 /  40% / -23.88 dB
	        balance 0.00
	Base Volume: 65536 / 100% / 0.00 dB
	Monitor Source: alsa_output.pci-0000_00_1f.3.analog-stereo.monitor
	Properties:
		device.description = "Встроенное аудио"
		device.class = "sound"
	Ports:
		analog-output-speaker: Speakers (priority: 10000, not available)
		analog-output-headphones: Headphones (type: Headphones, priority: 9900, availability group: Legacy 2, available)
	Active Port: analog-output-headphones

Sink #1
	State: SUSPENDED
	Name: hdmi
	Mute: no
	Volume: front-left: 65536 / 100% / 0.00 dB
	Ports:
		hdmi-output-0: HDMI / DisplayPort (priority: 5900, not available)
	Active Port: hdmi-output-0
`;
export const infoJson =
  '{"server_name":"pulseaudio","default_sink_name":"a","default_source_name":"b"}';
export const infoText = `Server String: /run/user/1000/pulse/native
Server Name: pulseaudio
Default Sink: a
Default Source: b
`;
/** The shape of Linux' own files (Documentation/sound/designs/procfile.rst). */
export const cards = ` 0 [PCH            ]: HDA-Intel - HDA Intel PCH
                      HDA Intel PCH at 0xf7e30000 irq 32
 1 [Headset        ]: USB-Audio - Logitech USB Headset
                      Logitech USB Headset at usb-0000:00:14.0-1, full speed
`;
export const pcm = `00-00: ALC269VC Analog : ALC269VC Analog : playback 1 : capture 1
00-03: HDMI 0 : HDMI 0 : playback 1
01-00: USB Audio : USB Audio : playback 1 : capture 1
`;
