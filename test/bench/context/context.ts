/**
 * `npm run bench:context [-- [section…] [--repositories DIR] [--cosqa DIR] [--meaning] [--pairs N]]`: how well context is found, chosen and used. Sections: calls,
 * classes, retrieval, selection, forms, compression, schedule, summaries; all by default. Prints Markdown for docs/EVALUATION.md. Needs the
 * data pack beside the repository; what it cannot run it says. Repositories and CoSQA are not in the pack: name where they lie. `--meaning`: small
 * repositories are searched by the embedded model's vectors, too. With `--repositories`, `calls` measures these, of which it reads TypeScript only. `--pairs`: how many functions of the
 * repositories are summarized or selected for (100), else of streamlink.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../../server/src/model/clock.ts';
import { embeddedPort } from '../../../server/src/model/embedded/embeddedPort.ts';
import type { Embedder } from '../../../server/src/repository/embedder.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import { callTable } from './calls.ts';
import { classEvalTable } from './classEval.ts';
import { compressionTable } from './compression.ts';
import { hasPack, type IndexedCorpus, indexed, streamlinkRows, writeStreamlink } from './corpus.ts';
import { repositorySelectionTable } from './repositorySelection.ts';
import { retrievalTable } from './retrieval.ts';
import { openRows, type TargetRows } from './rows.ts';
import { scheduleTable } from './schedule.ts';
import { formTable, selectionTable } from './selection.ts';
import { summaryTable } from './summaries.ts';
import { repositoryPairs } from './summaryPairs.ts';

type Section = () => Promise<string>;

const { values, positionals: wanted } = parseArgs({
  options: {
    repositories: { type: 'string' },
    cosqa: { type: 'string' },
    meaning: { type: 'boolean' },
    pairs: { type: 'string' },
  },
  allowPositionals: true,
});

const sections: Readonly<Record<string, Section>> = {
  calls: () => callTable(values.repositories),
  classes: classEvalTable,
  retrieval: () =>
    withEmbedder((embedder) => retrievalTable({ repositories: values.repositories, cosqa: values.cosqa }, embedder)),
  selection: () =>
    values.repositories === undefined
      ? onStreamlink((corpus, rows) => selectionTable(corpus, rows, 'test'))
      : repositorySelection(values.repositories),
  forms: () => onStreamlink(formTable),
  compression: () => onStreamlink((corpus, rows) => compressionTable(corpus, rows)),
  schedule: scheduleTable,
  summaries: () =>
    values.repositories === undefined ? onStreamlink(streamlinkSummaries) : repositorySummaries(values.repositories),
};

async function withEmbedder(work: (embedder: Embedder | undefined) => Promise<string>): Promise<string> {
  if (values.meaning !== true) return work(undefined);
  const root = path.resolve(import.meta.dirname, '../../..');
  const port = embeddedPort({ assets: { bundled: false, root }, clock: systemClock, onProblem: console.error });
  const table = await work(port.embedder());
  port.dispose();
  return table;
}

function streamlinkSummaries(corpus: IndexedCorpus, { targets, syntax }: TargetRows): Promise<string> {
  const pairs = targets.map(({ row, subject, doc }) => ({ corpus, subject, doc, reference: row.method_summary }));
  return summaryTable(pairs.slice(0, Number(values.pairs ?? 100)), syntax);
}

async function repositorySelection(folder: string): Promise<string> {
  const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
  const table = await repositorySelectionTable(folder, Number(values.pairs ?? 100), syntax);
  syntax.dispose();
  return table;
}

async function repositorySummaries(folder: string): Promise<string> {
  const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
  const pairs = await repositoryPairs(folder, Number(values.pairs ?? 100), syntax);
  const table = await summaryTable(pairs, syntax);
  for (const { doc } of pairs) doc.dispose();
  for (const corpus of new Set(pairs.map((pair) => pair.corpus))) corpus.dispose();
  syntax.dispose();
  return table;
}

interface Opened {
  readonly corpus: IndexedCorpus;
  readonly rows: TargetRows;
}

let opened: Promise<Opened> | undefined;

/** Written, indexed and asked of the compiler once for all sections. */
async function openStreamlink(): Promise<Opened> {
  const rows = streamlinkRows();
  const corpus = await indexed(writeStreamlink(rows));
  return { corpus, rows: await openRows(corpus, rows) };
}

async function onStreamlink(work: (corpus: IndexedCorpus, rows: TargetRows) => Promise<string>): Promise<string> {
  opened ??= openStreamlink();
  const { corpus, rows } = await opened;
  return work(corpus, rows);
}

if (!hasPack()) {
  console.log('bench:context needs the data pack (../shared/data beside the repository): nothing was run.');
} else {
  for (const [name, section] of Object.entries(sections)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`\n## ${name}\n\n${await section()}`);
  }
  const last = await opened;
  last?.rows.dispose();
  last?.corpus.dispose();
}
