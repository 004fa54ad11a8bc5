#!/usr/bin/env sh
# Installs what everything else here needs, from npm alone: packages without their native builds, and the pinned Node runtime.
# Safe to run again: does nothing when the lock file has not changed since the last time.
set -eu
cd "$(dirname "$0")/.."
stamp=node_modules/.codegloss-setup
if [ -x node_modules/node/bin/node ] && [ -f "$stamp" ] && cmp -s "$stamp" package-lock.json; then exit 0; fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
npm rebuild node --ignore-scripts=false --loglevel=error >/dev/null 2>&1 || true
[ -x node_modules/node/bin/node ] || {
  echo "setup: the pinned Node runtime (npm package 'node') was not installed: run 'npm rebuild node --ignore-scripts=false' and read its message." >&2
  exit 1
}
cp package-lock.json "$stamp"
