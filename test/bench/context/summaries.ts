import path from 'node:path';
import type { ContextProvider } from '../../../server/src/context/context.ts';
import { createFileContext } from '../../../server/src/context/fileContext.ts';
import { createRepositoryContext } from '../../../server/src/context/repositoryContext.ts';
import { systemClock } from '../../../server/src/model/clock.ts';
import { embeddedPort } from '../../../server/src/model/embedded/embeddedPort.ts';
import { outlineProducer } from '../../../server/src/model/outline/outline.ts';
import { NgramScorer } from '../../../server/src/partition/ngramScorer.ts';
import { createSummaryStore } from '../../../server/src/store/summaryStore.ts';
import { createSummarizer } from '../../../server/src/summary/summarizer.ts';
import type { Producer } from '../../../server/src/types/produce.ts';
import type { StoredSummary } from '../../../server/src/types/summary.ts';
import { bleu4 } from '../metrics/bleu.ts';
import { chrf } from '../metrics/chrf.ts';
import { meteor } from '../metrics/meteor.ts';
import { rougeL } from '../metrics/rouge.ts';
import type { IndexedCorpus } from './corpus.ts';
import type { TargetRows } from './rows.ts';
import { mean } from './words.ts';

const metrics = { 'BLEU-4': bleu4, 'ROUGE-L': rougeL, METEOR: meteor, chrF: chrf } as const;

/** One line per model and level of context, against the authors' own first sentences. */
export async function summaryTable(corpus: IndexedCorpus, rows: TargetRows): Promise<string> {
  const repository = createRepositoryContext({
    sourceOf: () => corpus.source,
    syntax: rows.syntax,
    lineOf: () => undefined,
    lineAt: () => undefined,
    scorer: new NgramScorer(),
  });
  const levels: Readonly<Record<string, ContextProvider>> = {
    none: { gather: async () => [], currentHash: (_subject, _doc, piece) => piece.hash },
    class: createFileContext(),
    repository: {
      ...repository,
      gather: async (...question) => (await repository.gather(...question)).filter(({ role }) => role !== 'example'),
    },
    'repository and examples': repository,
  };
  const root = path.resolve(import.meta.dirname, '../../..');
  const embedded = embeddedPort({ assets: { bundled: false, root }, clock: systemClock, onProblem: console.error });
  const own = embedded.producer();
  const producers = [outlineProducer(), ...(own === undefined ? [] : [own])];
  const lines = [
    `| model | context | ${Object.keys(metrics).join(' | ')} | said by the model | s |`,
    `| --- | --- | ${Object.keys(metrics)
      .map(() => '---:')
      .join(' | ')} | ---: | ---: |`,
  ];
  for (const producer of producers)
    for (const [level, context] of Object.entries(levels)) lines.push(await lineOf(producer, level, context, rows));
  if (own === undefined) lines.push('', 'The built-in model is not in this checkout: not run.');
  embedded.dispose();
  repository.dispose();
  return lines.join('\n');
}

async function lineOf(producer: Producer, level: string, context: ContextProvider, rows: TargetRows): Promise<string> {
  const start = performance.now();
  const said: StoredSummary[] = [];
  for (const { doc, subject } of rows.targets) {
    const summarizer = createSummarizer({
      store: createSummaryStore({ folder: undefined, clock: () => 1 }),
      producer: () => producer,
      context,
      syntax: rows.syntax,
      clock: () => 1,
      style: () => ({ language: '', length: 'short', instructions: '' }),
    });
    const document = { uri: subject.uri, path: subject.path, repository: 'corpus', syntax: doc };
    said.push(
      await summarizer.summarize(document, subject.symbol?.index ?? 0, {
        priority: 'hover',
        signal: new AbortController().signal,
      }),
    );
  }
  const seconds = (performance.now() - start) / 1000 / rows.targets.length;
  const scores = Object.values(metrics).map((metric) =>
    mean(rows.targets.map(({ row }, index) => metric(said[index]?.line ?? '', row.method_summary))).toFixed(3),
  );
  const byModel = mean(said.map(({ origin }) => (origin === 'model' ? 1 : 0))).toFixed(2);
  return `| ${producer.identity.model} | ${level} | ${scores.join(' | ')} | ${byModel} | ${seconds.toFixed(2)} |`;
}
