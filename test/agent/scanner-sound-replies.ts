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
