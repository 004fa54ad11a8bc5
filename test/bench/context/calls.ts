import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { GoldCall, Place } from './callGold.ts';
import { pythonGold, typescriptGold } from './callGold.ts';
import { indexed, streamlinkRows, writeStreamlink } from './corpus.ts';

const candidates = 10;

interface SymbolRow {
  readonly id: number;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What a graph says against what a compiler says. */
export interface CallScore {
  /** Calls whose callee the repository defines, by the compiler. */
  readonly calls: number;
  /** Of these, the share with the callee among at most ten candidates. */
  readonly recall: number;
  /** Of the candidates for these calls, weighted to one per call, the share that is right. */
  readonly precision: number;
  /** Of all calls for which the graph names a symbol of the repository, the share where the surest one is right. */
  readonly precisionOfAll: number;
  /** The same as recall, for names that several symbols of the repository bear. */
  readonly ambiguous: { readonly calls: number; readonly recall: number };
}

/** @param repositories folder of TypeScript sources, one repository each, which are measured instead of our own three */
export async function callTable(repositories: string | undefined): Promise<string> {
  return [
    '| repository, judge | calls into it | recall@10 | precision | surest right, of all calls | ambiguous: calls | recall@10 |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...(repositories === undefined ? await ownRows() : await rowsOf(repositories)),
  ].join('\n');
}

async function ownRows(): Promise<readonly string[]> {
  const rows: string[] = [];
  const streamlink = await indexed(writeStreamlink(streamlinkRows()));
  const python = filesOf(streamlink.database, 'python');
  rows.push(
    rowOf('streamlink (Python), pyright', scoreCalls(streamlink.database, await pythonGold(streamlink.root, python))),
  );
  streamlink.dispose();
  for (const [name, folder] of [
    ['CodeGloss itself (TypeScript)', path.resolve(import.meta.dirname, '../../../server/src')],
    ['zod (TypeScript)', path.resolve(import.meta.dirname, '../../../node_modules/zod/src')],
  ] as const)
    rows.push(await typescriptRow(name, folder));
  return rows;
}

async function rowsOf(repositories: string): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const name of readdirSync(repositories).sort())
    rows.push(await typescriptRow(name, path.join(repositories, name)));
  return rows;
}

async function typescriptRow(name: string, folder: string): Promise<string> {
  const corpus = await indexed(folder, 'keep');
  const gold = typescriptGold(corpus.root, filesOf(corpus.database, 'typescript'));
  const row = rowOf(`${name}, language service`, scoreCalls(corpus.database, gold));
  corpus.dispose();
  return row;
}

function rowOf(name: string, { calls, recall, precision, precisionOfAll, ambiguous }: CallScore): string {
  const numbers = [calls, recall, precision, precisionOfAll, ambiguous.calls, ambiguous.recall];
  return `| ${name} | ${numbers.map((n) => (Number.isInteger(n) && n > 1 ? n : n.toFixed(3))).join(' | ')} |`;
}

function filesOf(database: DatabaseSync, language: string): readonly string[] {
  return database
    .prepare('SELECT path FROM files WHERE language = ? ORDER BY path')
    .all(language)
    .map((row) => String(row['path']));
}

export function scoreCalls(
  database: DatabaseSync,
  gold: readonly GoldCall[],
  onMiss: (call: GoldCall, found: readonly number[], wanted: number) => void = () => undefined,
): CallScore {
  const symbolsOf = symbolLookup(database);
  const functionOf = functions(database);
  const bearers = new Map(
    database
      .prepare('SELECT name, count(*) AS n FROM symbols GROUP BY name')
      .all()
      .map((row) => [String(row['name']), Number(row['n'])]),
  );
  // A call begins where its receiver does, which may be some lines above its name.
  const edges = database.prepare(`
    SELECT callee FROM edges WHERE call = (
      SELECT c.id FROM calls c JOIN files f ON f.id = c.file
      WHERE f.path = ?1 AND c.name = ?2 AND (c.line < ?3 OR (c.line = ?3 AND c.character <= ?4)) AND c.line > ?3 - 40
      ORDER BY c.line DESC, c.character DESC, c.id DESC LIMIT 1
    ) ORDER BY confidence DESC`);
  const tally = { calls: 0, found: 0, precision: 0, named: 0, all: 0, right: 0, ambiguous: 0, ambiguousFound: 0 };
  for (const call of gold) {
    const symbol = call.callee === undefined ? undefined : symbolsOf(call.callee, call.name);
    const wanted = symbol === undefined ? undefined : functionOf(symbol);
    const { path: file, line, character } = call.at;
    const callees = edges
      .all(file, call.name, line, character)
      .slice(0, candidates)
      .map((row) => functionOf(Number(row['callee'])));
    const found = [...new Set(callees)];
    if (found.length > 0) {
      tally.all++;
      if (found[0] === wanted) tally.right++;
    }
    if (wanted === undefined) continue;
    const isFound = found.includes(wanted);
    tally.calls++;
    if (isFound) tally.found++;
    else onMiss(call, found, wanted);
    if (found.length > 0) {
      tally.named++;
      if (isFound) tally.precision += 1 / found.length;
    }
    if ((bearers.get(call.name) ?? 0) > 1) {
      tally.ambiguous++;
      if (isFound) tally.ambiguousFound++;
    }
  }
  return {
    calls: tally.calls,
    recall: tally.found / Math.max(1, tally.calls),
    precision: tally.precision / Math.max(1, tally.named),
    precisionOfAll: tally.right / Math.max(1, tally.all),
    ambiguous: { calls: tally.ambiguous, recall: tally.ambiguousFound / Math.max(1, tally.ambiguous) },
  };
}

/** Overloads are one function, which the first of them stands for: they follow each other, with nothing but comments between. */
function functions(database: DatabaseSync): (symbol: number) => number {
  const before = database.prepare(`
    SELECT b.id FROM symbols s JOIN symbols b ON b.file = s.file AND b.id < s.id AND b.name = s.name AND b.kind = s.kind AND b.parent IS s.parent
    WHERE s.id = ? AND coalesce(s.doc_start_line, s.start_line) <= b.end_line + 3 ORDER BY b.id DESC LIMIT 1`);
  return (symbol) => {
    let first = symbol;
    for (let row = before.get(first); row !== undefined; row = before.get(first)) first = Number(row['id']);
    return first;
  };
}

/** The symbol whose name stands at a place: the innermost one there that bears the name. */
function symbolLookup(database: DatabaseSync): (at: Place, name: string) => number | undefined {
  const symbols = database.prepare(`
    SELECT s.id, s.name, s.start_line AS start, s.end_line AS end FROM symbols s JOIN files f ON f.id = s.file
    WHERE f.path = ? AND ? BETWEEN s.start_line AND s.end_line ORDER BY s.end_line - s.start_line`);
  return ({ path: file, line }, name) => {
    const at = symbols.all(file, line) as unknown as readonly SymbolRow[];
    // Signatures may take some lines above the name: decorators.
    return at.find((symbol) => symbol.name === name && line - symbol.start <= 12)?.id;
  };
}
