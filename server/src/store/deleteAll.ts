import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** What CodeGloss keeps in its user folder. Nothing else there is touched: CODEGLOSS_HOME may name a folder that holds more. */
const kept: readonly RegExp[] = [
  /^(?:summaries|spend|partitions|outbox)\.db(?:-wal|-shm|-journal)?$/,
  /^(?:summaries|spend|partitions|outbox)\.db\.corrupt/,
  /^summaries\.corrupt/,
  /^(?:index|words)$/,
];

/** Deletes everything that is kept; open databases must be closed before. @returns the names of what went */
export function deleteAll(home: string): readonly string[] {
  const names = entriesOf(home).filter((name) => kept.some((pattern) => pattern.test(name)));
  for (const name of names) rmSync(path.join(home, name), { recursive: true, force: true });
  return names;
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
