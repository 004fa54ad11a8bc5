/** `node scripts/l10n.ts`: writes what the client says at run time to `l10n/bundle.l10n.json`, from which translations start. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** Every literal that the client hands to `vscode.l10n.t`, sorted. */
export function clientMessages(): readonly string[] {
  const folder = path.join(root, 'client/src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const sources = files.map((name) => readFileSync(path.join(folder, name), 'utf8'));
  const messages = sources.flatMap((text) =>
    [...text.matchAll(/l10n\.t\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g)].map(([, single, double]) =>
      (single ?? double ?? '').replace(/\\(.)/g, '$1'),
    ),
  );
  return [...new Set(messages)].sort();
}

if (process.argv[1] === import.meta.filename) {
  mkdirSync(path.join(root, 'l10n'), { recursive: true });
  const bundle = Object.fromEntries(clientMessages().map((message) => [message, message]));
  writeFileSync(path.join(root, 'l10n/bundle.l10n.json'), `${JSON.stringify(bundle, null, 2)}\n`);
}
