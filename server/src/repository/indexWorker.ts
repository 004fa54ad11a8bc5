/**
 * A worker thread of the index: reads, decodes and parses files and posts back what the index keeps of them. Where a team shares facts, it asks
 * for those of all files of its order first and parses what nobody has parsed yet.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Assets } from '../assets.ts';
import { bundledAssets, repositoryAssets } from '../syntax/assets.ts';
import { createSyntax } from '../syntax/syntax.ts';
import type { IndexAnswer, IndexOrder, IndexReply, IndexTask, Sharing } from './indexTasks.ts';
import { readerVersions } from './readerVersion.ts';
import {
  maxIndexParseMilliseconds,
  parseFacts,
  type ReadSource,
  readFileRecord,
  readSource,
  recordAnswer,
  skipped,
} from './readFileRecord.ts';
import { factsId, sealFacts, unsealFacts } from './sealedFacts.ts';
import { type FactsKey, factsKey, type SealedFacts } from './sharedFacts.ts';

const assets = workerData as Assets;
const syntax = createSyntax({
  locate: assets.bundled ? bundledAssets(assets.root) : repositoryAssets(assets.root),
  limits: { maxMilliseconds: maxIndexParseMilliseconds },
  // Optimizing the lexers of several languages at once takes more memory than all else that an index holds.
  lexers: 'baseline',
  use: 'whole',
});
const readerOf = readerVersions(assets);

let answerShared: ((bodies: readonly (Uint8Array | undefined)[]) => void) | undefined;

const tell = (reply: IndexReply): void => parentPort?.postMessage(reply);

parentPort?.on('message', async (order: IndexOrder) => {
  if (order.kind === 'shared') answerShared?.(order.bodies);
  else if (order.sharing === 'none') {
    const answers: IndexAnswer[] = [];
    for (const task of order.tasks) answers.push(await readFileRecord(task, syntax));
    tell({ kind: 'answers', answers, made: [] });
  } else await withTeam(order.tasks, order.sharing);
});

async function withTeam(tasks: readonly IndexTask[], sharing: Sharing): Promise<void> {
  const read = tasks.map(readSource);
  const keyed = read.flatMap((source) =>
    source.kind === 'source'
      ? [{ source, key: factsKey(source.bytes, source.language, readerOf(source.language)) }]
      : [],
  );
  const bodies = await ask(keyed.map(({ key }) => factsId(key)));
  const answers: IndexAnswer[] = read.flatMap((source) => (source.kind === 'source' ? [] : [source]));
  const made: SealedFacts[] = [];
  for (const [index, { source, key }] of keyed.entries()) {
    const body = bodies[index];
    if (sharing === 'fill' && body !== undefined) continue;
    const facts = body === undefined ? undefined : unsealFacts(body, key);
    if (facts !== undefined) answers.push(recordAnswer(source, facts));
    else {
      const answer = await parse(source, key, made);
      if (sharing === 'use') answers.push(answer);
    }
  }
  tell({ kind: 'answers', answers, made });
}

function ask(ids: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return new Promise((resolve) => {
    answerShared = resolve;
    tell({ kind: 'ask', ids: ids.map((id) => new Uint8Array(id)) });
  });
}

async function parse(source: ReadSource, key: FactsKey, made: SealedFacts[]): Promise<IndexAnswer> {
  try {
    const { facts, isWhole } = await parseFacts(source, syntax);
    const sealed = isWhole ? sealFacts(facts, key) : undefined;
    if (sealed !== undefined) made.push(sealed);
    return recordAnswer(source, facts);
  } catch (error) {
    return skipped(source.path, error);
  }
}
