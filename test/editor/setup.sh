#!/usr/bin/env bash
# Installs everything needed to start a real VS Code (server + web workbench) from npm alone, without root rights:
#   setup.sh DIR
# Afterwards DIR (use it as VSH_HOME for the scripts beside this one) holds
#   node/bin/node      the Node that this VS Code needs, with its headers
#   node_modules/      code-server (only the VS Code server inside it is used) and playwright-core
# Also needed: make, g++ and python3 for one small native module (without them everything works, only slower), and
# a Chromium, which this installs from Debian's packages where it may.
# Versions may be set: CODE_SERVER_VERSION, NODE_VERSION, PLAYWRIGHT_VERSION.
# code-server 4.139.1 wants Node 24; 4.104.0 and 4.115.0 want 22; 4.99.3 (VS Code 1.99.3) runs on 20.
# Safe to run again; KEEP_COPILOT=1 leaves the 200 MB that tests never load.
set -euo pipefail

dir=${1:?usage: setup.sh DIR}
stamp_text="code-server ${CODE_SERVER_VERSION:-4.139.1} node ${NODE_VERSION:-24.21.0} playwright ${PLAYWRIGHT_VERSION:-1.65.1}"

# A browser is no npm package: where Debian's packages may be installed, this installs one; elsewhere it says what is missing.
if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null && [ -z "${VSH_CHROMIUM:-}" ]; then
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
  else
    echo "setup.sh: no chromium found; install it (Debian: apt-get install chromium fonts-dejavu-core) or set VSH_CHROMIUM" >&2
    exit 1
  fi
fi
if [ "$(cat "$dir/ready" 2>/dev/null || true)" = "$stamp_text" ]; then exit 0; fi
code_server=${CODE_SERVER_VERSION:-4.139.1}
node_version=${NODE_VERSION:-24.21.0}
playwright=${PLAYWRIGHT_VERSION:-1.65.1}
platform=$(node -p 'process.platform + "-" + process.arch')

mkdir -p "$dir"
cd "$dir"
dir=$PWD
cat > package.json <<JSON
{ "private": true, "dependencies": { "node-$platform": "$node_version", "code-server": "$code_server", "playwright-core": "$playwright" } }
JSON
quiet=(--loglevel=error --no-audit --no-fund)
npm install --ignore-scripts --no-package-lock "${quiet[@]}"

# Moved away, because npm would prune or replace it on a later install.
rm -rf node
mv "node_modules/node-$platform" node
export PATH=$dir/node/bin:$PATH

# code-server's own post-install step, without its native builds. `npm ci` fails on the shipped lock file.
vscode=$dir/node_modules/code-server/lib/vscode
(cd "$vscode" && npm install --omit=dev --ignore-scripts "${quiet[@]}")
(cd "$vscode/extensions" && npm install --omit=dev --ignore-scripts "${quiet[@]}")

# spdlog (log files) and native-watchdog have no prebuilt binary. VS Code falls back without them, but a run takes 35 s instead of 13 s.
npm_cli=$(readlink -f "$(command -v npm)")
gyp=$(dirname "$npm_cli")/../node_modules/node-gyp/bin/node-gyp.js
for module in @vscode/spdlog @vscode/native-watchdog; do
  [ -d "$vscode/node_modules/$module" ] || continue
  (cd "$vscode/node_modules/$module" && node "$gyp" rebuild --nodedir="$dir/node" --loglevel=error >build.log 2>&1) ||
    echo "setup.sh: $module was not built (see $vscode/node_modules/$module/build.log); VS Code runs without it, slower" >&2
done

[ -n "${KEEP_COPILOT:-}" ] || rm -rf "$vscode"/node_modules/@github/copilot* "$vscode/node_modules/@microsoft/mxc-sdk"
echo "$stamp_text" > "$dir/ready"
echo "ready: VSH_HOME=$dir"
