// Every script runs on the runtime that users have. npm puts the pinned one first on the path; this says what to do where it is missing.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  console.error(
    `CodeGloss needs Node 22.13 or newer and found ${process.versions.node}: run 'npm run setup', then the same command again.`,
  );
  process.exit(1);
}
