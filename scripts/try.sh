#!/usr/bin/env sh
# Sets up everything and does the main job once: summarizes a real repository in the terminal (this one's server, or the folder given).
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh
node=$PWD/node_modules/node/bin/node
"$node" scripts/build.ts
"$node" dist/codegloss.mjs summarize "${1:-server/src/summary}"
"$node" scripts/package.ts >/dev/null
cat <<'TEXT'

See the same in the editor:  code --install-extension codegloss.vsix
then open a folder: one line stands above every function, the full summary is in the hover.
TEXT
