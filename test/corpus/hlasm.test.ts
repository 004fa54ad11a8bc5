import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Language, Parser } from 'web-tree-sitter';
import { countStatements, hlasmParser, statements, troubles, withTree } from '../unit/grammars/hlasmParser.ts';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const packs = ['zfam', 'zuid', 'zecs'].map((name) => `${data}legacy/hlasm/${name}/raw.tar.zst`);
const pythonPack = `${data}summarization/streamlink-d655cbde39.tar.zst`;
const present = packs.every((pack) => existsSync(pack));

function unpack(archive: string, folder: string): void {
  const tar = execFileSync('zstd', ['-dcq', archive], { maxBuffer: 1 << 30 });
  execFileSync('tar', ['x', '-C', folder], { input: tar });
}

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

function filesUnder(folder: string, ending: RegExp, encoding: BufferEncoding): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => ending.test(path) && statSync(join(folder, path)).isFile())
    .map((path) => ({ path, text: readFileSync(join(folder, path), encoding) }));
}

/** One program of the pack is COBOL under the name `.asm`. */
const isCobol = (file: SourceFile): boolean => /^ {7}IDENTIFICATION DIVISION\./m.test(file.text);

/** Milliseconds for one parse, the best of `runs`. */
function parseTime(parser: Parser, source: string, runs: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    parser.parse(source)!.delete();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function charactersPerMillisecond(parser: Parser, files: readonly SourceFile[]): number {
  const characters = files.reduce((sum, file) => sum + file.text.length, 0);
  return characters / files.reduce((sum, file) => sum + parseTime(parser, file.text, 3), 0);
}

if (!present) console.log(`skipped: the data pack is not there (${data}legacy/hlasm)`);

describe.skipIf(!present)('HLASM programs of the data pack', () => {
  let parser: Parser;
  let files: readonly SourceFile[] = [];
  let folder = '';

  beforeAll(async () => {
    ({ parser } = await hlasmParser());
    folder = mkdtempSync(join(tmpdir(), 'codegloss-hlasm-'));
    for (const pack of packs) unpack(pack, folder);
    const all = filesUnder(folder, /./, 'latin1');
    files = all.filter((file) => !isCobol(file));
    console.log(`left out as COBOL: ${all.filter(isCobol).map((file) => file.path)}`);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('at least 99 % are clean and no statement is lost', () => {
    let clean = 0;
    let found = 0;
    let wanted = 0;
    for (const { text, path } of files) {
      withTree(parser, text, (tree) => {
        if (troubles(tree).length === 0) clean++;
        const count = statements(tree).length;
        expect(count, path).toBe(countStatements(text));
        found += count;
        wanted += countStatements(text);
      });
    }
    console.log(`${clean} of ${files.length} files clean, ${found} statements of ${wanted}`);
    expect(files.length).toBeGreaterThanOrEqual(19);
    expect(clean / files.length).toBeGreaterThanOrEqual(0.99);
  });

  it('time grows with the input, and no file is far slower than the others', () => {
    const once = files.map((file) => file.text).join('\n');
    const [single, double] = [once, `${once}\n${once}`].map((text) => parseTime(parser, text, 5));
    const perByte = files.map((file) => parseTime(parser, file.text, 5) / file.text.length).sort((a, b) => a - b);
    console.log(`twice the input: ${((double ?? 0) / (single ?? 1)).toFixed(2)} times as long`);
    // A test is no benchmark (`npm run bench:legacy` gives the figures): on a busy machine only growth that no noise explains may fail.
    expect((double ?? 0) / (single ?? 1)).toBeLessThanOrEqual(6);
    expect(perByte.at(-1)! / perByte[perByte.length >> 1]!).toBeLessThan(100);
  });

  it.skipIf(!existsSync(pythonPack))(
    'reads about as fast as Python’s grammar reads Python',
    async () => {
      const wasm = createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm');
      const python = new Parser();
      python.setLanguage(await Language.load(wasm));
      const pythonFolder = mkdtempSync(join(tmpdir(), 'codegloss-python-'));
      unpack(pythonPack, pythonFolder);
      const sources = filesUnder(pythonFolder, /\.py$/, 'utf8');
      rmSync(pythonFolder, { recursive: true, force: true });
      const ratio = charactersPerMillisecond(parser, files) / charactersPerMillisecond(python, sources);
      console.log(`speed against tree-sitter-python: ${ratio.toFixed(2)}`);
      expect(ratio).toBeGreaterThanOrEqual(0.2);
    },
    60_000,
  );
});
