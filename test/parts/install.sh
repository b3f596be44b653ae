#!/usr/bin/env bash
# Debian's programs that the tests start by themselves: stores, a browser, printers, scanners, cameras,
# sound, a shaped line, clocks, a UPS, an Alertmanager, Windows calls. Quick when they are there.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

packages=(
  influxdb chromium-headless-shell openssl procps
  # printers: a private cupsd, an IPP printer, SNMP printers
  cups cups-client cups-bsd cups-ipp-utils cups-filters dbus snmp snmpsim
  # scanners: SANE's test backend, the eSCL client that keeps the simulator honest
  sane-utils libsane1 sane-airscan
  # cameras
  python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-rtsp gstreamer1.0-plugins-base
  gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly ffmpeg
  # sound
  pulseaudio pulseaudio-utils
  # line and clock
  iproute2 nftables chrony faketime
  # a UPS, lists of packages
  nut-server rpm xz-utils
  # a receiver of alerts
  prometheus-alertmanager
  # Windows calls
  wine wine64
  # units that are understood and exposed as little as they say
  systemd
)
# What packages are made with, which takes minutes: `npm test -- --full`.
[ "${1:-}" != --full ] || packages+=(nsis wixl msitools)
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null)" = 'install ok installed' ] || missing+=("$package")
done
[ "${#missing[@]}" -eq 0 ] && exit 0

# The tests start their own servers: no package may start one as a service.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
echo "installing ${missing[*]}…"
timeout 300 apt-get update -qq
timeout 900 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
