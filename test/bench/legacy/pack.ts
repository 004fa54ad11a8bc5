import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';
import type { LanguageId } from '../../../server/src/types/outline.ts';
import { squeeze, toSqueezed } from './squeeze.ts';

/** The legacy part of the data pack, beside the repository. */
export const packFolder = fileURLToPath(new URL('../../../../shared/data/legacy/', import.meta.url));

export const packSets = {
  mumps: 'mumps',
  zfam: 'hlasm/zfam',
  zuid: 'hlasm/zuid',
  zecs: 'hlasm/zecs',
  masm: 'masm',
  gas: 'gas-nasm/gas',
  nasm: 'gas-nasm/nasm',
} as const;
export type PackSet = keyof typeof packSets;

/** One file as a partitioner may see it: comments masked and the lines they leave empty taken out. */
export interface MaskedFile {
  readonly set: PackSet;
  readonly path: string;
  readonly language: LanguageId;
  /** The squeezed lines, without line ends. */
  readonly lines: readonly string[];
  /** Lines of `lines` that open a section made by a human; the first line is never one. */
  readonly gold: readonly number[];
  /** What the split keeps on one side: the package, or the folder. */
  readonly group: string;
  /** `tune`: rules and weights may be chosen on it. `test`: only ever measured. */
  readonly split: 'tune' | 'test';
}

interface BoundaryRow {
  readonly path: string;
  readonly codeLines: readonly number[];
}
interface IndexRow {
  readonly path: string;
  readonly lang: string;
  readonly package?: string;
}

export function hasPack(): boolean {
  return existsSync(join(packFolder, packSets.mumps, 'masked.tar.zst'));
}

/** Files of a set, squeezed, with their gold. */
export function maskedFiles(set: PackSet): readonly MaskedFile[] {
  const folder = join(packFolder, packSets[set]);
  const texts = readTar(join(folder, 'masked.tar.zst'));
  const index = new Map(rows<IndexRow>(join(folder, 'index.jsonl')).map((row) => [row.path, row]));
  const boundaries = rows<BoundaryRow>(join(folder, 'boundaries.jsonl'));
  const groupOf = (path: string) => index.get(path)?.package ?? path.split('/').slice(0, -1).join('/');
  const groups = [...new Set(boundaries.map(({ path }) => groupOf(path)))].sort();
  return boundaries.map(({ path, codeLines }): MaskedFile => {
    const { lines, keep } = squeeze(texts.get(path) ?? '');
    const row = index.get(path);
    return {
      set,
      path,
      language: languageOf(row?.lang ?? ''),
      lines: lines.map((line) => line.replaceAll('\r', '')),
      gold: toSqueezed(codeLines, keep),
      group: groupOf(path),
      split: splitOf(set, groups.indexOf(groupOf(path))),
    };
  });
}

/**
 * Every second package is for tuning. The small sets have one repository each: zFAM, GAS and NASM were read while the rules were written,
 * zUID and zECS only measured.
 */
function splitOf(set: PackSet, group: number): 'tune' | 'test' {
  if (set === 'mumps' || set === 'masm') return group % 2 === 0 ? 'tune' : 'test';
  return set === 'zuid' || set === 'zecs' ? 'test' : 'tune';
}

/** The untouched sources of a set, as Latin-1. */
export function rawFiles(set: PackSet): ReadonlyMap<string, string> {
  return readTar(join(packFolder, packSets[set], 'raw.tar.zst'));
}

export function languageOfSet(set: PackSet): LanguageId {
  return set === 'mumps' ? 'mumps' : set.startsWith('z') ? 'hlasm' : 'asm';
}

function languageOf(lang: string): LanguageId {
  return lang === 'm' ? 'mumps' : lang === 'hlasm' ? 'hlasm' : 'asm';
}

function rows<T>(file: string): readonly T[] {
  const text = existsSync(file)
    ? readFileSync(file, 'utf8')
    : zstdDecompressSync(readFileSync(`${file}.zst`)).toString();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** Regular files of a ustar or GNU archive; names beyond 100 bytes come from `L` records or the prefix field. */
export function readTar(file: string): ReadonlyMap<string, string> {
  const bytes = zstdDecompressSync(readFileSync(file));
  const files = new Map<string, string>();
  const field = (at: number, length: number) => bytes.toString('latin1', at, at + length).replace(/\0.*$/s, '');
  let longName: string | undefined;
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0; ) {
    const size = Number.parseInt(field(at + 124, 12), 8);
    const kind = field(at + 156, 1);
    const body = bytes.toString('latin1', at + 512, at + 512 + size);
    const prefix = field(at + 257, 5) === 'ustar' ? field(at + 345, 155) : '';
    if (kind === 'L') longName = body.replace(/\0.*$/s, '');
    else if (kind === 'x') longName = /^\d+ path=(.*)$/m.exec(body)?.[1];
    else {
      if (kind === '0' || kind === '')
        files.set(longName ?? (prefix === '' ? field(at, 100) : `${prefix}/${field(at, 100)}`), body);
      longName = undefined;
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
