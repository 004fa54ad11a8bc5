import path from 'node:path';
import type { ContextProvider } from '../../../server/src/context/context.ts';
import { createFileContext } from '../../../server/src/context/fileContext.ts';
import { firstSentence } from '../../../server/src/context/pieceText.ts';
import { createRepositoryContext } from '../../../server/src/context/repositoryContext.ts';
import { systemClock } from '../../../server/src/model/clock.ts';
import { embeddedPort } from '../../../server/src/model/embedded/embeddedPort.ts';
import { outlineProducer } from '../../../server/src/model/outline/outline.ts';
import { NgramScorer } from '../../../server/src/partition/ngramScorer.ts';
import { createSummaryStore } from '../../../server/src/store/summaryStore.ts';
import { createSummarizer } from '../../../server/src/summary/summarizer.ts';
import type { Syntax } from '../../../server/src/syntax/document.ts';
import type { Producer } from '../../../server/src/types/produce.ts';
import { bleu4 } from '../metrics/bleu.ts';
import { chrf } from '../metrics/chrf.ts';
import { meteor } from '../metrics/meteor.ts';
import { rougeL } from '../metrics/rouge.ts';
import type { SummaryPair } from './summaryPairs.ts';
import { mean } from './words.ts';

const metrics = { 'BLEU-4': bleu4, 'ROUGE-L': rougeL, METEOR: meteor, chrF: chrf } as const;

interface Line {
  readonly text: string;
  /** Whether a model said it, and not the outline in its place. */
  readonly byModel: boolean;
}

/**
 * One line per model and level of context, against the authors' own first sentences. Each line is printed on standard error, too, as soon as it
 * is known: the embedded model takes its time.
 */
export async function summaryTable(pairs: readonly SummaryPair[], syntax: Syntax): Promise<string> {
  const byUri = new Map(pairs.map(({ subject, corpus }) => [subject.uri, corpus.source]));
  const repository = createRepositoryContext({
    sourceOf: ({ uri }) => byUri.get(uri),
    syntax,
    lineOf: () => undefined,
    lineAt: () => undefined,
    scorer: new NgramScorer(),
  });
  const levels: Readonly<Record<string, ContextProvider>> = {
    none: { gather: async () => [], currentHash: (_subject, _doc, piece) => piece.hash },
    class: createFileContext(),
    repository: {
      gather: async (...question) => (await repository.gather(...question)).filter(({ role }) => role !== 'example'),
      currentHash: repository.currentHash,
    },
    'repository and examples': repository,
  };
  const root = path.resolve(import.meta.dirname, '../../..');
  const embedded = embeddedPort({ assets: { bundled: false, root }, clock: systemClock, onProblem: console.error });
  const own = embedded.producer();
  const lines = [
    `| model | context | n | ${Object.keys(metrics).join(' | ')} | said by the model | s |`,
    `| --- | --- | ---: | ${Object.keys(metrics)
      .map(() => '---:')
      .join(' | ')} | ---: | ---: |`,
  ];
  const add = (line: string): void => {
    lines.push(line);
    console.error(line);
  };
  add(await lineOf('the most similar function’s comment', 'repository', pairs, neighbourLine));
  for (const producer of [outlineProducer(), ...(own === undefined ? [] : [own])])
    for (const [level, context] of Object.entries(levels))
      add(
        await lineOf(producer.identity.model, level, pairs, (pair) => summarized(pair, { producer, context, syntax })),
      );
  if (own === undefined) lines.push('', 'The built-in model is not in this checkout: not run.');
  embedded.dispose();
  repository.dispose();
  return lines.join('\n');
}

/** What a reader would copy from next door: the first sentence of the documented function whose words are most alike. */
async function neighbourLine({ corpus, subject, doc }: SummaryPair): Promise<Line> {
  const { graph } = corpus.source;
  const own = graph.symbolAt(subject.path, subject.range.start.line);
  const alike = corpus.source
    .similarDocumented(doc.textIn(subject.range), 5)
    .flatMap(({ symbol }) => graph.symbol(symbol) ?? [])
    .find(({ id }) => id !== own?.id);
  return { text: firstSentence(alike?.doc ?? ''), byModel: false };
}

async function summarized(
  { subject, doc }: SummaryPair,
  {
    producer,
    context,
    syntax,
  }: { readonly producer: Producer; readonly context: ContextProvider; readonly syntax: Syntax },
): Promise<Line> {
  const summarizer = createSummarizer({
    store: createSummaryStore({ folder: undefined, clock: () => 1 }),
    producer: () => producer,
    context,
    syntax,
    clock: () => 1,
    style: () => ({ language: '', length: 'short', instructions: '' }),
  });
  const document = { uri: subject.uri, path: subject.path, repository: 'corpus', syntax: doc };
  const said = await summarizer.summarize(document, subject.symbol?.index ?? 0, {
    priority: 'hover',
    signal: new AbortController().signal,
  });
  return { text: said.line, byModel: said.origin === 'model' };
}

async function lineOf(
  model: string,
  level: string,
  pairs: readonly SummaryPair[],
  say: (pair: SummaryPair) => Promise<Line>,
): Promise<string> {
  const start = performance.now();
  const said: Line[] = [];
  for (const pair of pairs) said.push(await say(pair));
  const seconds = (performance.now() - start) / 1000 / Math.max(1, pairs.length);
  const scores = Object.values(metrics).map((metric) =>
    mean(pairs.map(({ reference }, index) => metric(said[index]?.text ?? '', reference))).toFixed(3),
  );
  const byModel = mean(said.map((line) => (line.byModel ? 1 : 0))).toFixed(2);
  return `| ${model} | ${level} | ${pairs.length} | ${scores.join(' | ')} | ${byModel} | ${seconds.toFixed(2)} |`;
}
