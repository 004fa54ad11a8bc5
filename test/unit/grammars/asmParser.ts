import { fileURLToPath } from 'node:url';
import { Language, type Node, Parser, type Tree } from 'web-tree-sitter';

const folder = fileURLToPath(new URL('../../../grammars/asm/', import.meta.url));

/** A parser with the committed grammar. */
export async function asmParser(): Promise<{ readonly parser: Parser; readonly language: Language }> {
  await Parser.init();
  const language = await Language.load(`${folder}tree-sitter-asm.wasm`);
  const parser = new Parser();
  parser.setLanguage(language);
  return { parser, language };
}

export const asmQueryFile = (name: string): string => `${folder}queries/${name}.scm`;

/** What makes a tree unclean: what the grammar gave up on and what tree-sitter did. */
export function asmTroubles(tree: Tree): readonly Node[] {
  const given = nodesOf(tree, ['unparsed', 'unclosed']);
  return tree.rootNode.hasError ? [...given, tree.rootNode] : given;
}

export function nodesOf(tree: Tree, types: string | string[]): readonly Node[] {
  return tree.rootNode.descendantsOfType(types).filter((node) => node !== null);
}

export function withAsmTree<T>(parser: Parser, source: string, read: (tree: Tree) => T): T {
  const tree = parser.parse(source)!;
  try {
    return read(tree);
  } finally {
    tree.delete();
  }
}
