#!/usr/bin/env bash
# What `npm test -- --full` needs beside the programs of test/parts: machines that boot, and a Windows that
# runs the shipped runtime. Minutes once, then nothing.
# usage: install.sh [booted] [booted-server] [booted-rpm] [windows]
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
root=$(cd "$(dirname "$0")/../.." && pwd)
trees=$root/node_modules/.cache/ppe-pulse-parts/trees
mirror=${PPE_PULSE_DEBIAN_MIRROR:-http://deb.debian.org/debian}
mkdir -p "$trees"

missing=()
for package in debootstrap systemd-container util-linux iproute2; do
  [ "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null)" = 'install ok installed' ] || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
  echo "installing ${missing[*]}…"
  timeout 300 apt-get update -qq
  timeout 300 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# A tree is there as a whole or not at all. debootstrap does not run where a folder has a blank in its name.
make_tree() {
  local name=$1 suite=$2
  shift 2
  [ -d "$trees/$name" ] && return 1
  echo "making $name ($suite)…"
  rm -rf --one-file-system "$trees/$name.new"
  local draft
  draft=$(mktemp -d /var/tmp/ppe-pulse-tree.XXXXXX)
  timeout 900 debootstrap --variant=minbase "$@" "$suite" "$draft" "$mirror" >"$trees/$name.log" || {
    tail -n 5 "$trees/$name.log"
    rm -rf --one-file-system "$draft"
    echo "$name: debootstrap failed"
    exit 1
  }
  chmod 755 "$draft"
  mv "$draft" "$trees/$name.new"
  rm -rf "$trees/$name.new/var/cache/apt/archives/"*.deb
}

# Debian 12 whose PID 1 is systemd, and whose people have sessions: no Node, no network of its own, no name of
# this machine.
booted() {
  make_tree booted bookworm --include=systemd,systemd-sysv,libpam-systemd,dbus,procps,iproute2 || return 0
  : >"$trees/booted.new/etc/machine-id"
  echo exam-pc >"$trees/booted.new/etc/hostname"
  rm -f "$trees/booted.new/etc/resolv.conf"
  mv "$trees/booted.new" "$trees/booted"
}

# The same with some packages more, before anything of it is taken away.
derive_tree() {
  local name=$1
  shift
  [ -d "$trees/$name" ] && return 1
  booted
  echo "making $name…"
  rm -rf --one-file-system "$trees/$name.new"
  cp -a "$trees/booted" "$trees/$name.new"
  local tree=$trees/$name.new
  printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
  chmod 755 "$tree/usr/sbin/policy-rc.d"
  cp /etc/resolv.conf "$tree/etc/resolv.conf"
  { timeout 300 chroot "$tree" apt-get update -qq &&
    timeout 900 chroot "$tree" apt-get install -y -qq --no-install-recommends "$@"; } >"$trees/$name.log" 2>&1 ||
    { tail -n 5 "$trees/$name.log"; echo "$name: $* was not installed"; exit 1; }
  rm -rf "$tree/usr/sbin/policy-rc.d" "$tree/etc/resolv.conf" "$tree/var/cache/apt/archives/"*.deb
}

# A machine that a collector is installed on: its archive is unpacked by xz.
booted-server() {
  derive_tree booted-server xz-utils || return 0
  mv "$trees/booted-server.new" "$trees/booted-server"
}

# What ALT and RED OS are like to an installer: rpm keeps the books, and there is no dpkg. A package of no
# files provides what ours asks for and Debian gave without rpm's knowing.
booted-rpm() {
  derive_tree booted-rpm rpm || return 0
  local tree=$trees/booted-rpm.new
  # Debian's rpm keeps its books at home, those of others where everybody finds them.
  mkdir -p "$tree/etc/rpm"
  echo '%_dbpath /var/lib/rpm' >"$tree/etc/rpm/macros"
  cat >"$tree/tmp/debian.spec" <<'SPEC'
Name: debian-base
Version: 12
Release: 1
Summary: What Debian installed before rpm came
License: Apache-2.0
BuildArch: noarch
Provides: glibc = 2.36, libstdc++ = 12, /bin/sh
%description
Of no files.
%files
SPEC
  chroot "$tree" sh -c 'cd /tmp && rpm --initdb && rpmbuild -bb --quiet --define "_topdir /tmp/build" debian.spec &&
    rpm -i --nodeps /tmp/build/RPMS/noarch/*.rpm' >>"$trees/booted-rpm.log" 2>&1 ||
    { tail -n 5 "$trees/booted-rpm.log"; echo 'booted-rpm: rpm does not keep its books'; exit 1; }
  rm -rf "$tree/tmp/"* "$tree/var/lib/dpkg" "$tree/usr/bin/"dpkg* "$tree/usr/bin/"apt*
  mv "$tree" "$trees/booted-rpm"
}

# Debian 13, whose wine 10 runs Node 24; Debian 12's wine 8 runs 20 at most. A Russian one: code pages of
# batch files come with the language.
windows() {
  [ -e "$trees/windows/usr/lib/locale/locale-archive" ] || rm -rf --one-file-system "$trees/windows"
  make_tree windows trixie || return 0
  local tree=$trees/windows.new
  printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
  chmod 755 "$tree/usr/sbin/policy-rc.d"
  cp /etc/resolv.conf "$tree/etc/resolv.conf"
  timeout 900 chroot "$tree" apt-get install -y -qq --no-install-recommends wine wine64 locales >>"$trees/windows.log" 2>&1 ||
    { tail -n 5 "$trees/windows.log"; echo 'windows: wine was not installed'; exit 1; }
  chroot "$tree" localedef -i ru_RU -f UTF-8 ru_RU.UTF-8
  rm -rf "$tree/var/cache/apt/archives/"*.deb
  mv "$tree" "$trees/windows"
}

[ "$#" -gt 0 ] || set -- booted booted-server booted-rpm windows
for part in "$@"; do "$part"; done
