import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Language, Parser } from 'web-tree-sitter';
import { asmParser, asmTroubles, nodesOf, withAsmTree } from '../unit/grammars/asmParser.ts';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const packs = ['gas-nasm/gas', 'gas-nasm/nasm', 'masm'].map((name) => `${data}legacy/${name}/raw.tar.zst`);
const pythonPack = `${data}summarization/streamlink-d655cbde39.tar.zst`;
const present = [...packs, pythonPack].every((pack) => existsSync(pack));

function unpacked(archive: string, ending: RegExp, encoding: BufferEncoding): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'codegloss-asm-'));
  try {
    execFileSync('tar', ['x', '-C', folder], {
      input: execFileSync('zstd', ['-dcq', archive], { maxBuffer: 1 << 30 }),
    });
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => ending.test(path) && statSync(join(folder, path)).isFile())
      .map((path) => readFileSync(join(folder, path), encoding));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds for one parse, the best of three. */
function parseTime(parser: Parser, source: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    parser.parse(source)!.delete();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function charactersPerMillisecond(parser: Parser, sources: readonly string[]): number {
  const time = sources.reduce((sum, source) => sum + parseTime(parser, source), 0);
  return sources.reduce((sum, source) => sum + source.length, 0) / time;
}

/**
 * Labels with a colon, counted from the lines alone: a word at the start of a line or behind another label. Comments are
 * taken out first (`/*` means nothing where `;` opens comments), and so are the lines of C macros.
 */
function countLabels(source: string): number {
  const code = (/^;/m.test(source) ? source : source.replace(/\/\*[\s\S]*?\*\//g, ' '))
    .replace(/^[ \t]*comment[ \t]+([^\w\s])[\s\S]*?\1.*$/gim, '')
    .replace(/^[ \t]*#[ \t]*define.*(?:\\\r?\n.*)*/gm, '');
  let count = 0;
  for (const line of code.split(/\r\n|\r|\n/)) {
    const label = /[ \t\f]*(?:[\w.$?@%&]|\((?:\w|\\\w+|\\\(\))*\)|\\(?:\w+|\(\)|@)|%\{[^}]*\}|%\[[^\]]*\])+[ \t]*::?/y;
    while (label.exec(line) !== null) count++;
  }
  return count;
}

if (!present) console.log(`skipped: the data pack is not there (${data})`);

describe.skipIf(!present).each(present ? packs : [])('assembly of %s', (pack) => {
  let parser: Parser;
  let sources: readonly string[] = [];

  beforeAll(async () => {
    ({ parser } = await asmParser());
    sources = unpacked(pack, /\.(?:s|asm|inc)$/i, 'latin1');
  }, 60_000);
  afterAll(() => parser.delete());

  it('at least 97 % of the files are clean', { timeout: 60_000 }, () => {
    const clean = sources.filter((source) => withAsmTree(parser, source, (tree) => asmTroubles(tree).length === 0));
    console.log(`${pack.slice(data.length)}: ${clean.length} of ${sources.length} files clean`);
    expect(clean.length / sources.length).toBeGreaterThanOrEqual(0.97);
  });

  it('every label with a colon is found and no other', { timeout: 60_000 }, () => {
    for (const source of sources) {
      const found = withAsmTree(
        parser,
        source,
        (tree) => nodesOf(tree, 'label').filter((node) => node.text.endsWith(':')).length,
      );
      expect(found).toBe(countLabels(source));
    }
  });

  it('no file is far slower than the others for its size', { timeout: 120_000 }, () => {
    const rates = sources
      .filter((source) => source.length > 2000)
      .map((source) => parseTime(parser, source) / source.length)
      .sort((a, b) => a - b);
    // A test is no benchmark (`npm run bench:legacy` gives the figures): on a busy machine only growth that no noise explains may fail.
    expect(rates.at(-1)).toBeLessThan(100 * (rates[rates.length >> 1] ?? 0));
  });

  it('time grows with the input, not faster', { timeout: 120_000 }, () => {
    const text = sources.join('\n').slice(0, 1_000_000);
    expect(parseTime(parser, text + text)).toBeLessThan(6 * parseTime(parser, text));
  });

  it('reads about as fast as Python’s grammar reads Python', { timeout: 120_000 }, async () => {
    const require = createRequire(import.meta.url);
    const python = new Parser();
    python.setLanguage(
      await Language.load(
        require.resolve('tree-sitter-python/package.json').replace(/package\.json$/, 'tree-sitter-python.wasm'),
      ),
    );
    const pythonRate = charactersPerMillisecond(python, unpacked(pythonPack, /\.py$/, 'utf8'));
    const rate = charactersPerMillisecond(parser, sources);
    python.delete();
    console.log(
      `${pack.slice(data.length)}: ${(rate / 1000).toFixed(2)} MB/s, Python ${(pythonRate / 1000).toFixed(2)}`,
    );
    expect(rate).toBeGreaterThanOrEqual(0.2 * pythonRate);
  });
});
