import type { Syntax } from '../../../server/src/syntax/document.ts';
import { measure, ourGather, plainChunks, type Target } from './selection.ts';
import { repositoryPairs, type SummaryPair } from './summaryPairs.ts';

/**
 * The default selector beside plain chunks on repositories of one's own, without what a compiler says: whether streamlink is a special case.
 * @param folder of repositories, one folder each; the table has them in the order of their names
 */
export async function repositorySelectionTable(folder: string, count: number, syntax: Syntax): Promise<string> {
  const pairs = await repositoryPairs(folder, count, syntax);
  const lines = [
    '| repository | n | selection | budget | reference words | of these new | tokens | ms |',
    '| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |',
  ];
  for (const [at, corpus] of [...new Set(pairs.map((pair) => pair.corpus))].entries()) {
    const targets = pairs.filter((pair) => pair.corpus === corpus).map(targetOf);
    const ours = ourGather(corpus, { syntax }, {});
    const chunks = plainChunks(corpus);
    await measure(targets, 500, ours.gather); // Opens files and statements once, for all budgets alike.
    for (const [name, gather, budgets] of [
      ['plain chunks', chunks, [1000, 4000]],
      ['coverage', ours.gather, [500, 850, 1000, 2000]],
    ] as const)
      for (const budget of budgets) {
        const { words, newWords, tokens, ms } = await measure(targets, budget, gather);
        const cells = [words.toFixed(3), newWords.toFixed(3), tokens.toFixed(0), ms.toFixed(1)];
        lines.push(`| ${at + 1} | ${targets.length} | ${name} | ${budget} | ${cells.join(' | ')} |`);
      }
    ours.dispose();
    corpus.dispose();
  }
  for (const { doc } of pairs) doc.dispose();
  return lines.join('\n');
}

function targetOf({ subject, doc, reference }: SummaryPair): Target {
  const row = { method_code: doc.textIn(subject.range), method_summary: reference };
  return { row, subject, doc, dependencies: new Set() };
}
