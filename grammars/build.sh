#!/usr/bin/env bash
# Rebuilds a grammar's committed artefacts: src/parser.c (tree-sitter generate) and tree-sitter-NAME.wasm (clang alone, no Emscripten).
#   grammars/build.sh NAME            e.g. grammars/build.sh hlasm
# Needs a tree-sitter program of ABI 15 (TREE_SITTER=path, default: tree-sitter on the PATH; without one parser.c is taken as it is) and
# clang with the wasm linker and wasi-libc (CLANG=path, default clang-19; Debian: clang-19 lld-19 wasi-libc).
# The imports of the result are compared with what web-tree-sitter provides, since a missing one would fail only when it is called.
set -euo pipefail

name=${1:?usage: grammars/build.sh NAME}
grammars=$(cd "$(dirname "$0")" && pwd)
grammar=$grammars/$name
tree_sitter=${TREE_SITTER:-tree-sitter}
clang=${CLANG:-clang-19}
runtime=$grammars/../node_modules/web-tree-sitter/web-tree-sitter.wasm
out=$grammar/tree-sitter-$name.wasm

[ -f "$grammar/grammar.js" ] || { echo "build.sh: no grammar in $grammar" >&2; exit 2; }
if command -v "$tree_sitter" >/dev/null; then
  (cd "$grammar" && "$tree_sitter" generate)
else
  echo "build.sh: no tree-sitter program (set TREE_SITTER): keeping $name/src/parser.c" >&2
fi
command -v "$clang" >/dev/null || { echo "build.sh: $clang not found (set CLANG)" >&2; exit 1; }

sources=("$grammar/src/parser.c")
[ -f "$grammar/src/scanner.c" ] && sources+=("$grammar/src/scanner.c")
# -shared makes the dynamic-linking section that web-tree-sitter reads. NDEBUG: the runtime has no __assert_fail.
"$clang" --target=wasm32-unknown-wasi -fPIC -shared "${OPTIMIZE:--O2}" -DNDEBUG -nostdlib -fno-exceptions -fvisibility=hidden \
  -Wl,--export="tree_sitter_$name" -Wl,--allow-undefined -Wl,--no-entry -Wl,--strip-all -I "$grammar/src" "${sources[@]}" -o "$out" \
  2> >(grep -v 'not yet stable' >&2 || true)

node - "$out" "$runtime" <<'JS'
const fs = require('node:fs');
const [grammar, runtime] = process.argv.slice(2).map((file) => new WebAssembly.Module(fs.readFileSync(file)));
const provided = new Set([...WebAssembly.Module.exports(runtime), ...WebAssembly.Module.exports(grammar)].map((e) => e.name));
const linker = new Set(['memory', '__indirect_function_table', '__stack_pointer', '__memory_base', '__table_base']);
const missing = WebAssembly.Module.imports(grammar)
  .filter((i) => !linker.has(i.name) && !provided.has(i.name))
  .map((i) => `${i.module}.${i.name}`);
if (missing.length > 0) {
  console.error(`build.sh: web-tree-sitter does not provide ${missing.join(', ')}`);
  process.exit(1);
}
JS
echo "$out ($(wc -c < "$out") bytes)"
