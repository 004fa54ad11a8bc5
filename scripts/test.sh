#!/usr/bin/env sh
# Sets up everything and runs every test; closes with the plain line 'N passed, N failed'.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh
exec node_modules/node/bin/node scripts/test.ts "$@"
