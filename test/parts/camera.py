#!/usr/bin/python3
"""A real RTSP camera: GStreamer's RTSP server with an encoder behind it, changed while it runs.

camera.py '{"host": "127.0.0.1", "port": 0, "lifeSeconds": 150, "width": 640, "height": 480,
            "fps": 25, "kbits": 1000, "gopSeconds": 2, "codec": "h264", "audio": false,
            "auth": "none", "user": "", "password": "", "pattern": "snow"}'

Prints one line of JSON with its port. Orders come as lines of JSON on standard input:
{"kbits": 150} {"pattern": "black"} {"gate": true} {"drop": 0.6}; each is answered with what the encoder
has given out until then. It ends when that closes, and in any case after its life.
"""
import json
import sys
import threading
import time

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

Gst.init(None)
wanted = json.loads(sys.argv[1])
encoders = {
    'h264': 'x264enc name=enc tune=zerolatency speed-preset=ultrafast bitrate={kbits} '
            'key-int-max={gop} vbv-buf-capacity=1000 ! video/x-h264,profile=baseline ! '
            'valve name=gate ! rtph264pay name=pay0 pt=96 config-interval=1',
    'h265': 'x265enc name=enc tune=zerolatency speed-preset=ultrafast bitrate={kbits} '
            'key-int-max={gop} ! valve name=gate ! rtph265pay name=pay0 pt=96 config-interval=1',
    'jpeg': 'jpegenc name=enc ! valve name=gate ! rtpjpegpay name=pay0 pt=26',
}
# Noise makes an encoder use the bits that it is given, as a real sensor does.
source = (
    '( videotestsrc name=src is-live=true pattern={pattern} ! '
    'video/x-raw,width={width},height={height},framerate={fps}/1 ! videoconvert ! '
    'video/x-raw,format=I420 ! identity name=valve ! ' + encoders[wanted['codec']]
).format(gop=wanted['fps'] * wanted['gopSeconds'], **wanted)
if wanted['audio']:
    source += ' audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay1 pt=8'
source += ' )'

medias = []
orders = {}
sent = {'frames': 0, 'bytes': 0}
server = GstRtspServer.RTSPServer()
server.set_address(wanted['host'])
server.set_service(str(wanted['port']))
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(source)
factory.set_shared(True)


def apply(media, order):
    element = media.get_element()
    if 'pattern' in order:
        element.get_by_name('src').set_property('pattern', order['pattern'])
    if 'kbits' in order:
        element.get_by_name('enc').set_property('bitrate', order['kbits'])
    if 'gate' in order:
        element.get_by_name('gate').set_property('drop', order['gate'])
    if 'drop' in order:
        element.get_by_name('valve').set_property('drop-probability', order['drop'])


def count(_, info):
    sent['frames'] += 1
    sent['bytes'] += info.get_buffer().get_size()
    return Gst.PadProbeReturn.OK


def configure(_, media):
    # The pipeline goes with its last viewer: the next one gets the same camera.
    medias.append(media)
    apply(media, orders)
    # One buffer of the encoder is one frame; before the payloader there are no heads of packets.
    behind_gate = media.get_element().get_by_name('gate').get_static_pad('src')
    behind_gate.add_probe(Gst.PadProbeType.BUFFER, count)


factory.connect('media-configure', configure)
if wanted['auth'] != 'none':
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string('media.factory.role', 'viewer')
    if wanted['auth'] == 'basic':
        auth.set_supported_methods(1)  # GST_RTSP_AUTH_BASIC
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(wanted['user'], wanted['password']), token)
    else:
        auth.set_supported_methods(2)  # GST_RTSP_AUTH_DIGEST
        auth.add_digest(wanted['user'], wanted['password'], token)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role('viewer', 'media.factory.access', True)
    permissions.add_permission_for_role('viewer', 'media.factory.construct', True)
    factory.set_permissions(permissions)
    server.set_auth(auth)
server.get_mount_points().add_factory('/live', factory)
if server.attach(None) == 0:
    sys.exit('cannot listen')


def obey(order):
    orders.update(order)
    for media in medias:
        apply(media, order)
    print(json.dumps({'done': order, **sent, 'atMs': time.monotonic() * 1e3}), flush=True)
    return False


def listen():
    for line in sys.stdin:
        GLib.idle_add(obey, json.loads(line))
    loop.quit()


loop = GLib.MainLoop()
threading.Thread(target=listen, daemon=True).start()
GLib.timeout_add_seconds(wanted['lifeSeconds'], loop.quit)
print(json.dumps({'port': server.get_bound_port()}), flush=True)
loop.run()
