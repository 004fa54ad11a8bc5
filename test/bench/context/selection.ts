import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CalleeForms } from '../../../server/src/context/indexPieces.ts';
import { leakGuard } from '../../../server/src/context/leak.ts';
import { createRepositoryContext } from '../../../server/src/context/repositoryContext.ts';
import { type SelectorName, selectorNames } from '../../../server/src/context/select/selector.ts';
import { NgramScorer } from '../../../server/src/partition/ngramScorer.ts';
import type { TokenScorer } from '../../../server/src/partition/tokenScorer.ts';
import { estimateTokens } from '../../../server/src/types/tokens.ts';
import { chunkRetriever } from './chunks.ts';
import { half, type IndexedCorpus } from './corpus.ts';
import { showsDefinition, type TargetRow, type TargetRows } from './rows.ts';
import { contentWords, mean, share } from './words.ts';

const budgets = [500, 1000, 2000, 4000] as const;

/** Means over rows. */
export interface SelectionScore {
  /** Share of the reference's content words that the context has. */
  readonly words: number;
  /** The same without the words that the target's own code already has. */
  readonly newWords: number;
  /** Share of the in-repository dependencies (pyright's) whose definition or signature the context shows. */
  readonly dependencies: number;
  readonly tokens: number;
  readonly ms: number;
  /** Contexts that hold the reference, in the comment of a twin. */
  readonly leaks: number;
}

/** What a context is gathered for and held against. */
export interface Target extends Pick<TargetRow, 'subject' | 'doc' | 'dependencies'> {
  readonly row: Pick<TargetRow['row'], 'method_code' | 'method_summary'>;
}

type Gather = (target: Target, budget: number) => Promise<readonly string[]>;

export async function measure(targets: readonly Target[], budget: number, gather: Gather): Promise<SelectionScore> {
  const scores: SelectionScore[] = [];
  for (const target of targets) {
    const start = performance.now();
    const texts = await gather(target, budget);
    const ms = performance.now() - start;
    const text = texts.join('\n');
    // Their own comments are emptied in the corpus, so the context cannot know them where a twin repeats them: what does counts for nothing.
    const { clean } = leakGuard(target.row.method_summary);
    const found = contentWords(texts.map(clean).join('\n'));
    const wanted = contentWords(target.row.method_summary);
    const own = contentWords(target.row.method_code);
    const flat = ` ${[...text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)].join(' ')} `;
    const secret = ` ${[...target.row.method_summary.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)].join(' ')} `;
    const shown = [...target.dependencies].filter((name) => showsDefinition(text, name));
    scores.push({
      words: share(wanted, found),
      newWords: share(new Set([...wanted].filter((word) => !own.has(word))), found),
      dependencies: target.dependencies.size === 0 ? Number.NaN : shown.length / target.dependencies.size,
      tokens: texts.reduce((sum, each) => sum + estimateTokens(each), 0),
      ms,
      leaks: flat.includes(secret) ? 1 : 0,
    });
  }
  return {
    words: mean(scores.map(({ words }) => words)),
    newWords: mean(scores.map(({ newWords }) => newWords)),
    dependencies: mean(scores.map(({ dependencies }) => dependencies).filter((each) => !Number.isNaN(each))),
    tokens: mean(scores.map(({ tokens }) => tokens)),
    ms: mean(scores.map(({ ms }) => ms)),
    leaks: scores.reduce((sum, { leaks }) => sum + leaks, 0),
  };
}

export function ourGather(
  corpus: IndexedCorpus,
  rows: Pick<TargetRows, 'syntax'>,
  options: { readonly selector?: SelectorName; readonly forms?: CalleeForms; readonly scorer?: TokenScorer },
): { readonly gather: Gather; dispose(): void } {
  const context = createRepositoryContext({
    sourceOf: () => corpus.source,
    syntax: rows.syntax,
    lineOf: () => undefined,
    lineAt: () => undefined,
    scorer: new NgramScorer(),
    ...options,
  });
  const gather: Gather = async ({ subject, doc }, budget) =>
    (await context.gather(subject, doc, budget, new AbortController().signal)).map(({ text }) => text);
  return { gather, dispose: () => context.dispose() };
}

export function plainChunks(corpus: IndexedCorpus): Gather {
  const files = corpus.database.prepare('SELECT path FROM files ORDER BY path').all();
  const retrieve = chunkRetriever(
    new Map(files.map(({ path: file }) => [String(file), readFileSync(path.join(corpus.root, String(file)), 'utf8')])),
  );
  return async ({ row }, budget) => retrieve(row.method_code, budget);
}

/** The rows for reporting, by selector and budget, beside plain chunks. */
export async function selectionTable(corpus: IndexedCorpus, rows: TargetRows, which: 'tune' | 'test'): Promise<string> {
  const targets = half(rows.targets, which);
  const lines = [
    '| selection | budget | reference words | of these new | dependencies | tokens | ms | leaks |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ];
  const chunks = plainChunks(corpus);
  for (const budget of budgets) lines.push(line('plain chunks', budget, await measure(targets, budget, chunks)));
  for (const selector of selectorNames) {
    const ours = ourGather(corpus, rows, { selector });
    await measure(targets, 500, ours.gather); // Opens files and statements once, for all budgets alike.
    for (const budget of budgets) lines.push(line(selector, budget, await measure(targets, budget, ours.gather)));
    ours.dispose();
  }
  return lines.join('\n');
}

/** Callees in one form each, at equal tokens. */
export async function formTable(corpus: IndexedCorpus, rows: TargetRows): Promise<string> {
  const lines = [
    '| callees shown as | budget | reference words | of these new | dependencies | tokens | ms | leaks |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ];
  for (const forms of ['body', 'signature', 'mixed'] as const) {
    const ours = ourGather(corpus, rows, { forms });
    for (const budget of [250, 500, 1000])
      lines.push(line(forms, budget, await measure(half(rows.targets, 'test'), budget, ours.gather)));
    ours.dispose();
  }
  return lines.join('\n');
}

function line(name: string, budget: number, score: SelectionScore): string {
  const { words, newWords, dependencies, tokens, ms, leaks } = score;
  const shares = [words, newWords, dependencies].map((each) => each.toFixed(3)).join(' | ');
  return `| ${name} | ${budget} | ${shares} | ${tokens.toFixed(0)} | ${ms.toFixed(1)} | ${leaks} |`;
}
