#!/usr/bin/env python3
"""A line with delay, in user space: two TUN devices, each in a network namespace.

Kernels without sch_netem cannot delay packets; this carries each from one device to the other after
a one-way delay and a random jitter. Rate and loss are the kernel's business (tc, nft).

usage: slow-link.py NS_A NS_B DEVICE_A DEVICE_B DELAY_MS JITTER_MS LIFE_S
stdin: lines "DELAY_MS JITTER_MS" change it; the end of stdin ends the line.
"""

import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000
PACKETS_AT_ONCE = 64
ADDRESSES = ("10.98.1.1", "10.98.1.2")


def ip(*arguments):
    subprocess.check_call(("ip", *arguments))


def open_tun(name, namespace, address, peer):
    """Makes a TUN device here and moves it: the file stays usable from outside the namespace."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    flags = struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI)
    fcntl.ioctl(device, TUNSETIFF, flags)
    ip("link", "set", name, "netns", namespace)
    ip("-n", namespace, "addr", "add", address, "peer", peer, "dev", name)
    ip("-n", namespace, "link", "set", name, "up", "txqueuelen", "1000")
    return device


def read_packets(device):
    for _ in range(PACKETS_AT_ONCE):
        try:
            yield os.read(device, 65536)
        except BlockingIOError:
            return


def write_packet(device, packet):
    try:
        os.write(device, packet)
    except OSError:
        pass  # The device is down: the line is cut there.


def carry(devices, delay_s, jitter_s, life_s):
    other = {devices[0]: devices[1], devices[1]: devices[0]}
    waiting = []  # (due, number, device, packet): the number keeps equal times in order.
    count = 0
    end = time.monotonic() + life_s
    while time.monotonic() < end:
        left = waiting[0][0] - time.monotonic() if waiting else 0.5
        readable, _, _ = select.select([*devices, sys.stdin], [], [], min(max(left, 0), 0.5))
        now = time.monotonic()
        for source in readable:
            if source is sys.stdin:
                line = sys.stdin.readline()
                if not line:
                    return
                delay_s, jitter_s = (float(each) / 1e3 for each in line.split())
                continue
            for packet in read_packets(source):
                count += 1
                due = now + delay_s + random.random() * jitter_s
                heapq.heappush(waiting, (due, count, other[source], packet))
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, _, device, packet = heapq.heappop(waiting)
            write_packet(device, packet)


def main():
    near, far, near_device, far_device, delay, jitter, life = sys.argv[1:]
    devices = (
        open_tun(near_device, near, ADDRESSES[0], ADDRESSES[1]),
        open_tun(far_device, far, ADDRESSES[1], ADDRESSES[0]),
    )
    print("ready", flush=True)
    try:
        carry(devices, float(delay) / 1e3, float(jitter) / 1e3, float(life))
    except OSError:
        pass  # The namespaces, and the devices with them, are gone: so is the line.


main()
