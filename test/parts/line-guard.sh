#!/usr/bin/env bash
# Takes two network namespaces away, with every process in them, when stdin ends or the time is up:
# after a test, after a test that failed, and after a runner that was killed.
# usage: line-guard.sh NAMESPACE_A NAMESPACE_B LIFE_S
set -u

read -r -t "$3" _ || true
for namespace in "$1" "$2"; do
  for pid in $(ip netns pids "$namespace" 2>/dev/null); do kill -9 "$pid" 2>/dev/null || true; done
  ip netns del "$namespace" 2>/dev/null || true
done
