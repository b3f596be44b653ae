#!/usr/bin/env bash
# Cleans up after a chaos run when its stdin ends: after it, after one that failed, and after one
# that was killed. Every process that carries the run's mark in its environment is killed by its id,
# mounts and the folder go. stdin: lines "mount PATH"; usage: keeper.sh MARK FOLDER
set -u
mark="PPE_PULSE_CHAOS=$1"
folder="$2"
mounts=()
while read -r what path; do
  [ "$what" = mount ] && mounts+=("$path")
done
# Twice: one that was starting another when it was killed.
for _ in 1 2; do
  for environ in /proc/[0-9]*/environ; do
    tr '\0' '\n' <"$environ" 2>/dev/null | grep -qxF "$mark" || continue
    pid="${environ#/proc/}"
    kill -9 "${pid%/environ}" 2>/dev/null || true
  done
done
for path in "${mounts[@]}"; do umount -l "$path" 2>/dev/null || true; done
rm -rf --one-file-system "$folder"
