import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { Language, Parser } from 'web-tree-sitter';

const grammars = fileURLToPath(new URL('../../../grammars/', import.meta.url));

interface CorpusCase {
  readonly name: string;
  readonly source: string;
  readonly expected: string;
}

/** Reads the corpus format of `tree-sitter test`: a name between rows of `=`, the source, a row of `-`, the tree. */
function readCorpus(text: string): readonly CorpusCase[] {
  const cases: CorpusCase[] = [];
  const header = /^={3,}\n([^\n]+)\n(?::[^\n]*\n)*={3,}\n/gm;
  const starts = [...text.matchAll(header)];
  starts.forEach((start, index) => {
    const body = text.slice(start.index + start[0].length, starts[index + 1]?.index ?? text.length);
    const rule = [...body.matchAll(/^-{3,}$/gm)].at(-1);
    if (rule === undefined) throw new Error(`no row of dashes in the case "${start[1]}"`);
    const source = body.slice(0, rule.index).replace(/^\n/, '').replace(/\n$/, '');
    cases.push({ name: start[1] ?? '', source, expected: body.slice(rule.index + rule[0].length) });
  });
  return cases;
}

const oneLine = (tree: string): string => tree.replace(/\s+/g, ' ').replace(/ \)/g, ')').trim();
const withoutFields = (tree: string): string => tree.replace(/[\w.]+: /g, '');

describe.each(['mumps', 'hlasm', 'asm'])('the committed %s grammar yields the trees of its corpus', (name) => {
  const folder = `${grammars}${name}/test/corpus`;
  const wasm = `${grammars}${name}/tree-sitter-${name}.wasm`;
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.txt')) : [];
  let parser: Parser;

  beforeAll(async () => {
    await Parser.init();
    parser = new Parser();
    parser.setLanguage(await Language.load(wasm));
  });

  it('has a corpus', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  for (const file of files) {
    it.each(readCorpus(readFileSync(`${folder}/${file}`, 'utf8')))(`${file}: $name`, ({ source, expected }) => {
      const tree = parser.parse(source)!;
      const wanted = oneLine(expected);
      const found = oneLine(tree.rootNode.toString());
      tree.delete();
      expect(/\w: \(/.test(wanted) ? found : withoutFields(found)).toBe(wanted);
    });
  }
});
