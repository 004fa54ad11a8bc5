import type { DatabaseSync } from 'node:sqlite';
import type { SyntaxDocument } from '../syntax/document.ts';
import type { CallSite, LanguageId, SymbolKind } from '../types/outline.ts';
import type { Position, Range } from '../types/text.ts';
import type { OpenBuffer } from './openBuffers.ts';
import { rangeOf } from './searchIndex.ts';

/** Languages whose names are looked up here: no other extension is likely to know them. */
export const legacyLanguages = ['mumps', 'hlasm', 'asm'] as const satisfies readonly LanguageId[];
export type LegacyLanguage = (typeof legacyLanguages)[number];

export function isLegacy(language: string): language is LegacyLanguage {
  return legacyLanguages.some((each) => each === language);
}

/** A routine, label, section or macro where it is declared. Its name stands at the start of its range. */
export interface LegacySymbol {
  readonly path: string;
  readonly language: LegacyLanguage;
  readonly name: string;
  readonly kind: SymbolKind;
  /** Name of the routine or section around it. */
  readonly owner: string | undefined;
  readonly range: Range;
}

/** A use of a name, as it is written. */
export interface LegacyUse {
  readonly path: string;
  readonly name: string;
  /** In MUMPS the routine after `^`. */
  readonly receiver: string | undefined;
  readonly start: Position;
  /** The symbol around it; undefined at the top of a file. */
  readonly caller: LegacySymbol | undefined;
}

/** What the index and the open documents know of the names of legacy code. Open documents win over what is on disk. */
export interface LegacyGraph {
  /** Symbols that a use may mean; empty when nothing in the repository declares it, which is no error. */
  resolve(use: Pick<LegacyUse, 'path' | 'name' | 'receiver'>, language: LegacyLanguage): readonly LegacySymbol[];
  /** Uses that mean the symbol. */
  usesOf(symbol: LegacySymbol): readonly LegacyUse[];
  /** Uses within a symbol, in the order of the source. */
  usesIn(symbol: LegacySymbol): readonly LegacyUse[];
  /** Symbols whose name holds the letters of the query in order, the closest first. */
  find(query: string, limit: number): readonly LegacySymbol[];
  /** Files by the name of a member that is copied or included, without regard to case and ending. */
  filesNamed(member: string): readonly string[];
  /** Files of a language, the open ones among them, in the order of their paths. */
  files(language: LegacyLanguage): readonly string[];
}

const columns = `f.path, f.language, s.name, s.kind, p.name AS owner, s.start_line, s.start_character, s.end_line, s.end_character`;
const from = 'FROM symbols s JOIN files f ON f.id = s.file LEFT JOIN symbols p ON p.id = s.parent';
const legacy = `f.language IN ('mumps', 'hlasm', 'asm')`;
const maxRows = 5_000;

export function openLegacyGraph(database: DatabaseSync, buffers: () => readonly OpenBuffer[]): LegacyGraph {
  const ask = statementsOf(database);
  const openBuffers = (): readonly OpenBuffer[] => buffers().filter(({ syntax }) => isLegacy(syntax.language));
  const notOpen = <T extends { readonly path: string }>(
    found: readonly T[],
    open: readonly OpenBuffer[],
  ): readonly T[] => found.filter(({ path }) => !open.some((buffer) => buffer.path === path));
  const declared = (name: string, language: LegacyLanguage): readonly LegacySymbol[] => {
    const open = openBuffers();
    const names = JSON.stringify(spellings(name, language));
    return [
      ...open.flatMap(symbolsIn).filter((each) => each.language === language && isSame(each.name, name, language)),
      ...notOpen(ask.named.all(names, language).map(symbolOf), open),
    ];
  };
  const resolve: LegacyGraph['resolve'] = (use, language) => meant(declared(use.name, language), use, language);
  return {
    resolve,
    usesOf(symbol) {
      const open = openBuffers();
      const names = JSON.stringify(spellings(symbol.name, symbol.language));
      const uses = [
        ...open
          .flatMap((buffer) => usesInBuffer(buffer))
          .filter(({ name }) => isSame(name, symbol.name, symbol.language)),
        ...notOpen(ask.uses.all(names, symbol.language).map(useOf), open),
      ];
      const bearers = declared(symbol.name, symbol.language);
      return uses.filter((use) => meant(bearers, use, symbol.language).some((each) => isOne(each, symbol)));
    },
    usesIn(symbol) {
      const buffer = openBuffers().find(({ path }) => path === symbol.path);
      const uses = buffer === undefined ? ask.inFile.all(symbol.path).map(useOf) : usesInBuffer(buffer);
      return uses.filter(({ start }) => isWithin(symbol.range, start));
    },
    find(query, limit) {
      const open = openBuffers();
      const pattern = `%${[...query].map((letter) => letter.replace(/[%_\\]/, '\\$&')).join('%')}%`;
      const matches = matcherOf(query);
      const found = [...open.flatMap(symbolsIn), ...notOpen(ask.like.all(pattern).map(symbolOf), open)];
      return found
        .filter(({ name }) => matches.test(name))
        .sort((a, b) => a.name.length - b.name.length || compare(a.name, b.name) || compare(a.path, b.path))
        .slice(0, limit);
    },
    files: (language) => {
      const open = openBuffers().filter(({ syntax }) => syntax.language === language);
      const onDisk = ask.files.all().filter((row) => row['language'] === language);
      return [...new Set([...onDisk.map((row) => String(row['path'])), ...open.map(({ path }) => path)])].sort(compare);
    },
    filesNamed(member) {
      const wanted = stem(member);
      const open = openBuffers().map(({ path }) => path);
      return [...new Set([...ask.files.all().map((row) => String(row['path'])), ...open])].filter(
        (path) => stem(path) === wanted || path.toLowerCase().endsWith(`/${member.toLowerCase()}`),
      );
    },
  };
}

/** Whom a use means among the bearers of its name. */
function meant(
  bearers: readonly LegacySymbol[],
  use: Pick<LegacyUse, 'path' | 'name' | 'receiver'>,
  language: LegacyLanguage,
): readonly LegacySymbol[] {
  if (language === 'mumps') return bearers.filter((symbol) => isMeantInMumps(symbol, use));
  const own = bearers.filter(({ path }) => path === use.path);
  return own.length > 0 ? own : bearers;
}

/** `LABEL` means this routine's own, `LABEL^ROUTINE` that of another, `^ROUTINE` the routine itself. */
function isMeantInMumps(
  symbol: LegacySymbol,
  { path, name, receiver }: Pick<LegacyUse, 'path' | 'name' | 'receiver'>,
): boolean {
  if (receiver === undefined || receiver === '') return symbol.path === path;
  return symbol.owner === receiver || (symbol.owner === undefined && symbol.name === receiver && name === receiver);
}

function isOne(left: LegacySymbol, right: LegacySymbol): boolean {
  return left.path === right.path && left.name === right.name && left.range.start.line === right.range.start.line;
}

/** Names of HLASM are the same in capitals and small letters; some assemblers agree, MUMPS does not. */
function spellings(name: string, language: LegacyLanguage): readonly string[] {
  return language === 'mumps' ? [name] : [...new Set([name, name.toUpperCase(), name.toLowerCase()])];
}

function isSame(left: string, right: string, language: LegacyLanguage): boolean {
  return left === right || (language !== 'mumps' && left.toUpperCase() === right.toUpperCase());
}

function symbolsIn({ path, syntax }: OpenBuffer): readonly LegacySymbol[] {
  const { symbols } = syntax.outline;
  return symbols.flatMap(({ name, kind, parent, range }) =>
    isLegacy(syntax.language)
      ? [{ path, language: syntax.language, name, kind, owner: symbols[parent ?? -1]?.name, range }]
      : [],
  );
}

function usesInBuffer(buffer: OpenBuffer): readonly LegacyUse[] {
  const symbols = symbolsIn(buffer);
  return callsOf(buffer.syntax).map(({ name, receiver, range }) => ({
    path: buffer.path,
    name,
    receiver,
    start: range.start,
    caller: symbols.findLast((symbol) => isWithin(symbol.range, range.start)),
  }));
}

function callsOf(syntax: SyntaxDocument): readonly CallSite[] {
  return syntax.calls({ start: { line: 0, character: 0 }, end: syntax.positionAt(syntax.text.length) });
}

export function isWithin({ start, end }: Range, at: Position): boolean {
  const after = at.line > start.line || (at.line === start.line && at.character >= start.character);
  return after && (at.line < end.line || (at.line === end.line && at.character < end.character));
}

/** Without flags of its own the letters of a query would be read as a pattern. */
function matcherOf(query: string): RegExp {
  const letters = [...query].map((letter) => letter.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&'));
  return new RegExp(letters.join('.*?'), 'i');
}

function stem(path: string): string {
  return (path.split('/').at(-1) ?? path).replace(/\.[^.]*$/, '').toLowerCase();
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function statementsOf(database: DatabaseSync) {
  const use = `f.path, c.name, c.receiver, c.line, c.character, f.language, s.name AS caller, s.kind, p.name AS owner,
    s.start_line, s.start_character, s.end_line, s.end_character
    FROM calls c JOIN files f ON f.id = c.file LEFT JOIN symbols s ON s.id = c.caller LEFT JOIN symbols p ON p.id = s.parent`;
  const order = 'ORDER BY f.path, c.line, c.character';
  return {
    named: database.prepare(
      `SELECT ${columns} ${from} WHERE s.name IN (SELECT value FROM json_each(?)) AND f.language = ? ORDER BY f.path, s.id LIMIT ${maxRows}`,
    ),
    uses: database.prepare(
      `SELECT ${use} WHERE c.name IN (SELECT value FROM json_each(?)) AND f.language = ? ${order} LIMIT ${maxRows}`,
    ),
    inFile: database.prepare(`SELECT ${use} WHERE f.path = ? ${order} LIMIT ${maxRows}`),
    like: database.prepare(
      `SELECT ${columns} ${from} WHERE s.name LIKE ? ESCAPE '\\' AND ${legacy} ORDER BY length(s.name), s.name, f.path LIMIT ${maxRows}`,
    ),
    files: database.prepare(`SELECT f.path, f.language FROM files f WHERE ${legacy} ORDER BY f.path`),
  };
}

type Row = Readonly<Record<string, unknown>>;

function symbolOf(row: Row): LegacySymbol {
  return {
    path: String(row['path']),
    // The statements ask for these languages alone.
    language: String(row['language']) as LegacyLanguage,
    name: String(row['name']),
    kind: String(row['kind']) as SymbolKind,
    owner: typeof row['owner'] === 'string' ? row['owner'] : undefined,
    range: rangeOf(row as Parameters<typeof rangeOf>[0]),
  };
}

function useOf(row: Row): LegacyUse {
  const receiver = String(row['receiver']);
  return {
    path: String(row['path']),
    name: String(row['name']),
    receiver: receiver === '' ? undefined : receiver,
    start: { line: Number(row['line']), character: Number(row['character']) },
    caller: row['caller'] === null ? undefined : symbolOf({ ...row, name: row['caller'] }),
  };
}
