import { textTerms } from '../../../server/src/repository/identifiers.ts';
import { buildLexicalIndex } from '../../../server/src/repository/lexicalRank.ts';
import { estimateTokens } from '../../../server/src/types/tokens.ts';

const size = 1000;
const overlap = 100;

/** The usual way to fill a prompt: windows of 1,000 characters, ranked by BM25 with the code as the question, until the budget is full. */
export function chunkRetriever(
  files: ReadonlyMap<string, string>,
): (code: string, budget: number) => readonly string[] {
  const chunks = [...files].flatMap(([path, text]) => {
    const parts: { readonly path: string; readonly text: string }[] = [];
    for (let from = 0; from < text.length; from += size - overlap)
      parts.push({ path, text: text.slice(from, from + size) });
    return parts;
  });
  const index = buildLexicalIndex(chunks.map(({ text }) => [{ terms: textTerms(text), weight: 1 }]));
  return (code, budget) => {
    const chosen: string[] = [];
    let left = budget;
    const squeezed = code.replace(/\s+/g, ' ');
    for (const { document } of index.rank(textTerms(code), 80)) {
      const { text = '' } = chunks[document] ?? {};
      const flat = text.replace(/\s+/g, ' ');
      // What the target itself says is no context (the paper's own filter: fragments of the target are dropped).
      if (squeezed.includes(flat.trim()) || flat.includes(squeezed.slice(0, 80))) continue;
      const tokens = estimateTokens(text);
      if (tokens > left) continue;
      chosen.push(text);
      left -= tokens;
    }
    return chosen;
  };
}
