import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters';
import type { LineMeasure } from '../../../server/src/partition/strategy.ts';
import type { Node, SyntaxDocument } from '../../../server/src/syntax/document.ts';
import type { MaskedFile } from './pack.ts';
import { lowerBound } from './squeeze.ts';

/** As in DESIGN: what a token is taken for where nothing counts them. */
const charactersPerToken = 3.2;

/** The pack's baseline: every line that looks like a label, a function or a procedure. */
const labelPatterns: Readonly<Record<string, RegExp>> = {
  mumps: /^[%A-Za-z0-9]/,
  hlasm: /^[A-Za-z@#$_]/,
  masm: /^(?:\s*\w+(?::|\s+(?:proc|label)\b)|\s*procedure\s)/i,
  gas: /^(?:\s*(?:function|ENTRY|\.macro)\b|[A-Za-z_]\w*:)/i,
  nasm: /^(?:\s*(?:cglobal|%macro)\b|[A-Za-z_]\w*:)/i,
};

export function everyLabel(file: MaskedFile): readonly number[] {
  const pattern = labelPatterns[file.language === 'asm' ? file.set : file.language] ?? /^\S/;
  return matching(file, pattern);
}

/** The paper's modules (janus-llm): M by the first column, ALC by CSECT and DSECT, other assembly by function and procedure. */
export function singleModules(file: MaskedFile): readonly number[] {
  if (file.language === 'mumps') return matching(file, /^[^\s;$]/);
  if (file.language === 'hlasm') return matching(file, /^\S*\s+(?:[CDR]SECT|START)\b/i);
  return matching(file, /^\s*(?:function|cglobal|procedure)\s|^\s*\w+\s+proc\b/i);
}

function matching({ lines }: MaskedFile, pattern: RegExp): readonly number[] {
  return lines.flatMap((line, index) => (index > 0 && pattern.test(line) ? [index] : []));
}

export function everyLines({ lines }: MaskedFile, step: number): readonly number[] {
  return Array.from({ length: Math.ceil(lines.length / step) - 1 }, (_, index) => (index + 1) * step);
}

/** The paper's merged modules: the adjacent pair with the smallest sum is joined until none fits the limit. */
export function mergedModules(modules: readonly number[], measure: LineMeasure, limit: number): readonly number[] {
  const starts = [0, ...modules];
  const sizes = starts.map((start, index) => measure.tokens(start, starts[index + 1] ?? measure.count));
  for (;;) {
    let best = -1;
    let least = limit + 1;
    for (let at = 0; at + 1 < sizes.length; at += 1) {
      const sum = (sizes[at] ?? 0) + (sizes[at + 1] ?? 0);
      if (sum < least) [best, least] = [at, sum];
    }
    if (best < 0) return starts.slice(1);
    sizes.splice(best, 2, least);
    starts.splice(best + 1, 1);
  }
}

/** The same with a limit that holds: modules over it are cut at the last line that fits. */
export function splitOversized(starts: readonly number[], measure: LineMeasure, limit: number): readonly number[] {
  const found: number[] = [];
  [0, ...starts].forEach((start, index) => {
    const end = starts[index] ?? measure.count;
    let open = start;
    for (let line = start + 1; line < end; line += 1) {
      if (measure.tokens(open, line + 1) <= limit) continue;
      found.push(line);
      open = line;
    }
    if (end < measure.count) found.push(end);
  });
  return found;
}

/** LangChain's recursive character splitter with its default separators; a chunk starts at the line its first character is in. */
export async function recursiveSplitter({ lines }: MaskedFile, limit: number): Promise<readonly number[]> {
  const splitter = new RecursiveCharacterTextSplitter({
    chunkSize: Math.floor(limit * charactersPerToken),
    chunkOverlap: 0,
  });
  const text = lines.join('\n');
  const starts = lineStarts(lines);
  const found = new Set<number>();
  let from = 0;
  for (const chunk of await splitter.splitText(text)) {
    const at = text.indexOf(chunk, from);
    if (at < 0) continue;
    from = at + chunk.length;
    const line = lowerBound(starts, at + 1) - 1;
    if (line > 0) found.add(line);
  }
  return [...found].sort((a, b) => a - b);
}

/**
 * Chunks in the manner of cAST (arXiv 2506.15655): a node over the limit is split into its children, siblings are merged greedily while
 * they fit; sizes in characters that are not white. Cuts at the lines where chunks begin.
 */
export function astChunks(document: SyntaxDocument, limit: number): readonly number[] {
  const budget = limit * charactersPerToken;
  const { text } = document;
  const solid = new Uint32Array(text.length + 1);
  for (let at = 0; at < text.length; at += 1) solid[at + 1] = (solid[at] ?? 0) + (text.charCodeAt(at) > 32 ? 1 : 0);
  const sizeOf = (start: number, end: number) => (solid[end] ?? 0) - (solid[start] ?? 0);
  const starts: number[] = [];
  const chunk = (nodes: readonly (Node | null)[]): void => {
    let open: { readonly start: number; readonly size: number } | undefined;
    for (const node of nodes) {
      if (node === null) continue;
      const size = sizeOf(node.startIndex, node.endIndex);
      if (size > budget && node.childCount > 0) {
        open = undefined;
        chunk(node.children);
      } else if (open !== undefined && sizeOf(open.start, node.endIndex) <= budget) {
        open = { start: open.start, size: open.size + size };
      } else {
        starts.push(node.startIndex);
        open = { start: node.startIndex, size };
      }
    }
  };
  chunk(document.tree.rootNode.children);
  const lines = starts.map((at) => document.positionAt(at).line).filter((line) => line > 0);
  return [...new Set(lines)].sort((a, b) => a - b);
}

function lineStarts(lines: readonly string[]): readonly number[] {
  let at = 0;
  return lines.map((line) => {
    const start = at;
    at += line.length + 1;
    return start;
  });
}
