/**
 * `node test/bench/indexRows.ts DATABASE`: one hash over the rows of each table of an index, and one over what five searches find. Rows are
 * named by places instead of ids, so that two indexes of the same files can be compared, whoever made them. Prints `table rows hash`.
 */
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Name the database: node test/bench/indexRows.ts DATABASE');
const database = new DatabaseSync(file, { readOnly: true });

const place = 's.start_line, s.start_character, s.symbol_path';
const rows: Readonly<Record<string, string>> = {
  files: 'SELECT path, language, hash FROM files f',
  symbols: `SELECT f.path, ${place}, s.name, s.kind, s.end_line, s.end_character, s.signature, s.doc, s.terms FROM symbols s JOIN files f ON f.id = s.file`,
  calls: 'SELECT f.path, c.line, c.character, c.name, c.receiver FROM calls c JOIN files f ON f.id = c.file',
  edges: `SELECT f.path, c.line, c.character, c.name, t.path, ${place}, e.confidence FROM edges e JOIN calls c ON c.id = e.call
    JOIN files f ON f.id = c.file JOIN symbols s ON s.id = e.callee JOIN files t ON t.id = s.file`,
  imports: 'SELECT f.path, i.name FROM imports i JOIN files f ON f.id = i.file',
  bases: `SELECT f.path, ${place}, b.name FROM bases b JOIN symbols s ON s.id = b.symbol JOIN files f ON f.id = s.file`,
  links: 'SELECT f.path, l.text, l.hands_on FROM links l JOIN files f ON f.id = l.file',
  consulted: 'SELECT f.path, hex(c.keys) FROM consulted c JOIN files f ON f.id = c.file',
};
const questions = ['parse', 'read', 'stringify', 'user', 'socket'];
const found = `SELECT f.path, ${place} FROM search JOIN symbols s ON s.id = search.rowid JOIN files f ON f.id = s.file
  WHERE search MATCH ? ORDER BY bm25(search), f.path, ${place} LIMIT 50`;

function say(name: string, lines: readonly string[]): void {
  const hash = createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
  console.log(`${name} ${lines.length} ${hash}`);
}

const linesOf = (query: string, ...values: string[]): readonly string[] =>
  database
    .prepare(query)
    .all(...values)
    .map((row) => JSON.stringify(Object.values(row)));

for (const [name, query] of Object.entries(rows)) say(name, linesOf(query).toSorted());
say(
  'searches',
  questions.flatMap((question) => linesOf(found, question)),
);
