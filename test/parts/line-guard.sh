#!/usr/bin/env bash
# Takes network namespaces away, with every process in them, when stdin ends or the time is up:
# after a test, after a test that failed, and after a runner that was killed.
# usage: line-guard.sh LIFE_S NAMESPACE...
set -u

read -r -t "$1" _ || true
for namespace in "${@:2}"; do
  for pid in $(ip netns pids "$namespace" 2>/dev/null); do kill -9 "$pid" 2>/dev/null || true; done
  ip netns del "$namespace" 2>/dev/null || true
done
