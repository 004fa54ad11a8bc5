import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Language, Parser, type Tree } from 'web-tree-sitter';
import { decodeSource } from '../../../server/src/repository/sourceText.ts';
import type { LanguageId } from '../../../server/src/types/outline.ts';
import { countStatements, statements } from '../../unit/grammars/hlasmParser.ts';
import { languageOfSet, type PackSet, packFolder, rawFiles, readTar } from './pack.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const groups: readonly (readonly [string, readonly PackSet[]])[] = [
  ['MUMPS', ['mumps']],
  ['HLASM', ['zfam', 'zuid', 'zecs']],
  ['MASM', ['masm']],
  ['GAS', ['gas']],
  ['NASM', ['nasm']],
];
const rounds = 3;

/** One program of the pack is COBOL under the name `.asm`. */
const cobol = /^ {7}IDENTIFICATION DIVISION\./m;

/** Prints what the grammars make of the untouched files: clean share, statements, speed beside tree-sitter-python, memory. */
export async function printParsing(): Promise<void> {
  await Parser.init();
  const python = await pythonSpeed();
  console.log(`\n### Parsing\n\ntree-sitter-python on Python in the same run: ${python.toFixed(2)} MB/s\n`);
  console.log(heading);
  for (const [title, sets] of groups) {
    const parser = await parserOf(languageOfSet(sets[0] ?? 'mumps'));
    const texts = sets.flatMap((set) => [...rawFiles(set).values()]).filter((text) => !cobol.test(text));
    console.log(`| ${title} | ${texts.length} | ${row(parser, texts, languageOfSet(sets[0] ?? 'mumps'), python)} |`);
    parser.delete();
  }
}

/** The same for folders of sources that are not in the pack, as pairs of language and folder; then the files that are not clean. */
export async function printCorpora(pairs: readonly string[]): Promise<void> {
  await Parser.init();
  const python = await pythonSpeed();
  console.log(heading);
  const unclean: string[] = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const [language, folder = ''] = [pairs[at] as LanguageId, pairs[at + 1]];
    const parser = await parserOf(language);
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = new Map(
      files.flatMap(({ name }) => {
        const source = decodeSource(readFileSync(path.join(folder, name)));
        return source === undefined || source.text === '' || cobol.test(source.text)
          ? []
          : [[name, source.text] as const];
      }),
    );
    const label = `${language} ${path.basename(folder)}`;
    console.log(`| ${label} | ${texts.size} | ${row(parser, [...texts.values()], language, python)} |`);
    for (const [name, text] of texts)
      if (qualityOf(parser, text, language).troubleBytes > 0) unclean.push(`${label}: ${name}`);
    parser.delete();
  }
  console.log(`\n${unclean.length} files are not clean\n${unclean.join('\n')}`);
}

const heading = [
  '| language | files | MB | clean files | bytes in clean files | bytes unparsed | statements found / counted | MB/s | × python | twice the input | slowest / median per byte | peak RSS MB |',
  '|---|---|---|---|---|---|---|---|---|---|---|---|',
].join('\n');

function row(parser: Parser, texts: readonly string[], language: LanguageId, python: number): string {
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  const quality = texts.map((text) => qualityOf(parser, text, language));
  const sum = (pick: (one: Quality) => number) => quality.reduce((total, one) => total + pick(one), 0);
  const times = texts.map((text) => parseTime(parser, text));
  const speed = bytes / 1e3 / times.reduce((total, time) => total + time, 0);
  const perByte = times
    .map((time, index) => ({ length: texts[index]?.length ?? 0, rate: time / (texts[index]?.length ?? 1) }))
    .filter(({ length }) => length > 2000)
    .map(({ rate }) => rate)
    .sort((a, b) => a - b);
  const joined = texts.join('\n').slice(0, 1_000_000);
  const twice = parseTime(parser, `${joined}\n${joined}`) / parseTime(parser, joined);
  const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(2)} %`;
  const counted = sum((one) => one.counted);
  return [
    (bytes / 1e6).toFixed(2),
    percent(quality.filter((one) => one.troubleBytes === 0).length, texts.length),
    percent(bytes - sum((one) => (one.troubleBytes > 0 ? one.bytes : 0)), bytes),
    percent(
      sum((one) => one.troubleBytes),
      bytes,
    ),
    counted === 0 ? '–' : `${sum((one) => one.found)} / ${counted}`,
    speed.toFixed(2),
    (speed / python).toFixed(2),
    `${twice.toFixed(2)} ×`,
    ((perByte.at(-1) ?? 0) / (perByte[perByte.length >> 1] ?? 1)).toFixed(1),
    (process.resourceUsage().maxRSS / 1024).toFixed(0),
  ].join(' | ');
}

interface Quality {
  readonly bytes: number;
  /** At least 1 where anything is amiss. */
  readonly troubleBytes: number;
  readonly found: number;
  readonly counted: number;
}

function qualityOf(parser: Parser, text: string, language: LanguageId): Quality {
  const tree = parser.parse(text);
  if (tree === null) return { bytes: text.length, troubleBytes: text.length, found: 0, counted: 0 };
  try {
    const kinds = ['unparsed', 'unclosed', 'ERROR'];
    const nodes = kinds.flatMap((kind) => tree.rootNode.descendantsOfType(kind));
    const span = nodes.reduce((sum, node) => sum + Math.max(1, (node?.endIndex ?? 0) - (node?.startIndex ?? 0)), 0);
    const troubleBytes = span === 0 && tree.rootNode.hasError ? 1 : span;
    return { bytes: text.length, troubleBytes, ...statementsIn(tree, text, language) };
  } finally {
    tree.delete();
  }
}

/** Statements of the tree and, counted from the characters alone, of the text: lines with code in M, the column rules in HLASM. */
function statementsIn(
  tree: Tree,
  text: string,
  language: LanguageId,
): { readonly found: number; readonly counted: number } {
  if (language === 'hlasm') return { found: statements(tree).length, counted: countStatements(text) };
  if (language !== 'mumps') return { found: 0, counted: 0 };
  const lines = tree.rootNode.descendantsOfType(['line', 'label_line', 'directive']);
  const counted = text.split(/\r\n|\n|\r/).filter((line) => !/^[ \t]*(?:[. \t]*;.*|[ \t]*)$/.test(line)).length;
  return { found: lines.length, counted };
}

function parseTime(parser: Parser, text: string): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    parser.parse(text)?.delete();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

async function pythonSpeed(): Promise<number> {
  const parser = new Parser();
  parser.setLanguage(
    await Language.load(createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm')),
  );
  const pack = `${packFolder}../summarization/streamlink-d655cbde39.tar.zst`;
  if (!existsSync(pack)) return Number.NaN;
  const sources = [...readTar(pack)].filter(([name]) => name.endsWith('.py')).map(([, text]) => text);
  const time = sources.reduce((sum, text) => sum + parseTime(parser, text), 0);
  parser.delete();
  return sources.reduce((sum, text) => sum + text.length, 0) / 1e3 / time;
}

async function parserOf(language: LanguageId): Promise<Parser> {
  const parser = new Parser();
  parser.setLanguage(await Language.load(`${root}grammars/${language}/tree-sitter-${language}.wasm`));
  return parser;
}
