#!/usr/bin/env node
// Reads on any Node: says in one line what is needed, before modules load that an old Node does not have.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(
    `codegloss needs Node.js 22.13 or newer and runs on ${process.versions.node}: install a newer Node.js, or run 'npm run setup' in a checkout and use node_modules/node/bin/node.\n`,
  );
  process.exit(1);
}
await import('./cli.mjs');
