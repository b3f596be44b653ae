#!/bin/sh
# The collector as a service:  sudo sh install.sh [ppe-collector-VERSION-linux-x64.tar.xz]
# Without an argument: the archive beside this script, or the folder that it was unpacked into. A second
# run is an update: settings and data stay, the old program is kept as /opt/ppe-collector.old.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
program=/opt/ppe-collector
settings=/etc/ppe-collector/collector.yaml
backups=/var/backups/ppe-collector
units=/etc/systemd/system

say() { printf '%s\n' "$*"; }
stop() {
  code=$1
  shift
  say "install: $*" >&2
  exit "$code"
}

# The only archive beside this script, empty for none.
archive_here() {
  found=
  for each in "$here"/ppe-collector-*-linux-x64.tar.xz; do
    [ -f "$each" ] || continue
    [ -z "$found" ] || stop 64 "several archives in $here: name one"
    found=$each
  done
  printf '%s' "$found"
}

# Unpacks or copies the program into a new folder: the one that runs stays whole until the new one is.
fetch_program() {
  rm -rf "$program.new"
  mkdir -p "$program.new"
  if [ -n "$archive" ]; then
    command -v xz >/dev/null || stop 69 'xz is missing: install xz-utils'
    tar -xJf "$archive" -C "$program.new" --strip-components=1 --no-same-owner ||
      stop 65 "$archive is damaged: copy it again"
  else
    cp -R "$here"/. "$program.new"
  fi
  for part in node ppe-collector server/dist/bundle/main.js systemd/ppe-collector.service; do
    [ -e "$program.new/$part" ] || stop 65 "there is no $part in it: this is no collector"
  done
  chown -R root:root "$program.new"
  chmod -R go-w "$program.new"
}

[ "$(id -u)" -eq 0 ] || stop 77 "run it as root: sudo sh $0"
archive=${1:-$(archive_here)}
[ -n "$archive" ] || [ -x "$here/node" ] ||
  stop 66 "there is no ppe-collector-VERSION-linux-x64.tar.xz in $here: name it"
[ -z "$archive" ] || [ -f "$archive" ] || stop 66 "$archive: there is no such file"

fetch_program
getent passwd ppe-collector >/dev/null ||
  useradd --system --user-group --home-dir /var/lib/ppe-collector --no-create-home \
    --shell /usr/sbin/nologin ppe-collector
install -d -m 700 -o ppe-collector -g ppe-collector "$backups" /var/lib/ppe-collector
install -d -m 755 /etc/ppe-collector "$units"
if [ ! -e "$settings" ]; then
  # Of the group alone: secrets of receivers and of the sign-in provider may stand in it.
  install -m 640 -g ppe-collector /dev/null "$settings"
  cat >"$settings" <<YAML
# Настройки коллектора / settings of the collector. Everything else has a default: sudo ppe-collector serve --print-config
dataDir: /var/lib/ppe-collector
boardDir: $program/board
# 0.0.0.0 после «sudo ppe-collector tls init» / after "sudo ppe-collector tls init --name HOST"
host: 127.0.0.1
port: 8080
YAML
fi
is_systemd=no
[ -d /run/systemd/system ] && is_systemd=yes
[ "$is_systemd" = no ] || systemctl stop ppe-collector.service 2>/dev/null || true
rm -rf "$program.old"
[ ! -e "$program" ] || mv "$program" "$program.old"
mv "$program.new" "$program"
ln -sfn "$program/ppe-collector" /usr/bin/ppe-collector
for unit in ppe-collector.service ppe-collector-backup.service ppe-collector-backup.timer; do
  install -m 644 "$program/systemd/$unit" "$units/$unit"
done
install -d -m 755 /etc/systemd/journald.conf.d
install -m 644 "$program/systemd/ppe-collector-journald.conf" \
  /etc/systemd/journald.conf.d/ppe-collector.conf

if [ "$is_systemd" = no ]; then
  say 'installed; there is no running systemd here: start it with  ppe-collector serve'
  exit 0
fi
systemctl daemon-reload
systemctl try-restart systemd-journald.service || say 'the limits of the journal hold after a reboot'
systemctl enable --quiet --now ppe-collector.service ppe-collector-backup.timer
# It leaves its number when it begins and its address when it listens. Nobody else may open its stores
# in between: doctor would, and keep it out.
listens() {
  own=/var/lib/ppe-collector
  written=$(cat "$own/collector.pid" 2>/dev/null) || return 1
  [ "$written" = "$(systemctl show -p MainPID --value ppe-collector.service)" ] &&
    [ "$own/collector.address" -nt "$own/collector.pid" ]
}

tries=0
until listens; do
  tries=$((tries + 1))
  [ "$tries" -lt 90 ] && systemctl is-active --quiet ppe-collector.service || {
    # Between two tries of systemd it is not active for two seconds.
    [ "$tries" -lt 90 ] && [ "$(systemctl show -p SubState --value ppe-collector.service)" = auto-restart ] || {
      journalctl -u ppe-collector.service -n 20 --no-pager -o cat
      stop 1 'the collector does not start, see above'
    }
  }
  sleep 1
done
report=$(ppe-collector doctor 2>&1) || {
  say "$report"
  stop 1 'the collector is not well, see above'
}
# The first backup is made now, so that one is there before the first night.
systemctl start --no-block ppe-collector-backup.service
say "$report"
say "installed and running. Settings: $settings. Next: sudo ppe-collector tls init --name HOST, then $program/docs/operating.md"
