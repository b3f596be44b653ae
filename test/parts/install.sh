#!/usr/bin/env bash
# Debian's programs that the tests start by themselves: InfluxDB and Chromium. Quick when they are there.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

missing=()
command -v influxd >/dev/null || missing+=(influxdb)
command -v chromium >/dev/null || missing+=(chromium)
[ "${#missing[@]}" -eq 0 ] && exit 0

# The tests start their own InfluxDB: the package must not start one as a service.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
echo "installing ${missing[*]}…"
timeout 300 apt-get update -qq
timeout 600 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
