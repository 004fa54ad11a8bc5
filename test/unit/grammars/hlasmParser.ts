import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Language, type Node, Parser, Query, type QueryMatch, type Tree } from 'web-tree-sitter';

const folder = fileURLToPath(new URL('../../../grammars/hlasm/', import.meta.url));

/** A parser with the committed grammar. */
export async function hlasmParser(): Promise<{ readonly parser: Parser; readonly language: Language }> {
  await Parser.init();
  const language = await Language.load(`${folder}tree-sitter-hlasm.wasm`);
  const parser = new Parser();
  parser.setLanguage(language);
  return { parser, language };
}

export function withTree<T>(parser: Parser, source: string, read: (tree: Tree) => T): T {
  const tree = parser.parse(source)!;
  try {
    return read(tree);
  } finally {
    tree.delete();
  }
}

export function matches(language: Language, name: string, tree: Tree): readonly QueryMatch[] {
  const query = new Query(language, readFileSync(`${folder}queries/${name}.scm`, 'utf8'));
  const found = query.matches(tree.rootNode);
  query.delete();
  return found;
}

/** Nodes that make a tree unclean: what the grammar itself gave up on and what tree-sitter did. */
export function troubles(tree: Tree): readonly Node[] {
  const unparsed = tree.rootNode.descendantsOfType('unparsed').filter((node) => node !== null);
  return tree.rootNode.hasError ? [...unparsed, tree.rootNode] : unparsed;
}

const CONTAINERS = new Set(['section', 'dummy_section', 'macro_definition']);
const FIELDS_OF_A_LINE = new Set(['sequence', 'overflow', 'continuation_mark']);

/** The kinds of the statements (comment lines count) in order. */
export function statements(tree: Tree): readonly string[] {
  const kinds: string[] = [];
  const visit = (node: Node): void => {
    for (const child of node.children) {
      if (CONTAINERS.has(child.type)) visit(child);
      else if (!FIELDS_OF_A_LINE.has(child.type)) kinds.push(child.type);
    }
  };
  visit(tree.rootNode);
  return kinds;
}

const BLANKS = new Set(' \t\f\v\r\n\u0085\u001a\ufeff');

/** Nothing but blanks and line ends, the DOS end-of-file mark and the byte order mark among them. */
export const isBlank = (text: string): boolean => [...text].every((character) => BLANKS.has(character));
const CONTROL_CARD = /^(\/\/|\/\*|\.\/)/;

/**
 * Counts statements and comment lines without the grammar, by the rule of column 72: filled, and columns 1–15 of the next line blank →
 * continuation; in EXEC an indented next line is enough. Control cards (JCL, IEBUPDTE) are not continued.
 */
export function countStatements(source: string): number {
  const lines = source.split(/\r\n|[\n\r\u0085]/).map((line) => [...line]);
  if (lines.at(-1)?.length === 0) lines.pop();
  let count = 0;
  let continued = false;
  let card = false;
  let start = '';
  lines.forEach((line, index) => {
    if (!continued) {
      start = line.slice(0, 71).join('');
      if (isBlank(start)) return;
      count++;
      card = CONTROL_CARD.test(start);
    } else if (/^[^*\s]\S*\s*$/.test(start)) {
      start += ` ${line.slice(15, 71).join('')}`;
    }
    const exec = !card && /^([^*\s]\S*)?\s+EXEC(\s|$)/i.test(start) && !start.startsWith('.*');
    const next = lines[index + 1];
    const filled = line.length > 71 && !isBlank(line[71] ?? '') && !card;
    continued = filled && next !== undefined && isBlank(next.slice(0, exec ? 1 : 15).join(''));
  });
  return count;
}
