/** `npm run bench:model -- compression [targets]`: context compressed by the embedded model's surprise against the n-gram scorer's. */
import type { EmbeddedModel } from '../../../server/src/model/embedded/embeddedModel.ts';
import { embeddedScorer } from '../../../server/src/model/embedded/embeddedScorer.ts';
import { compressionTable } from '../context/compression.ts';
import { hasPack, indexed, streamlinkRows, writeStreamlink } from '../context/corpus.ts';
import { openRows } from '../context/rows.ts';

/** The corpus of `bench:context -- compression` (Python), its first targets, two ratios: the model takes seconds for each target. */
export async function compareCompression(model: EmbeddedModel, most: number): Promise<void> {
  if (!hasPack()) {
    console.log('skipped: needs the data pack (../shared/data beside the repository)');
    return;
  }
  const plain = streamlinkRows();
  const corpus = await indexed(writeStreamlink(plain));
  const rows = await openRows(corpus, plain);
  const options = { ratios: [2, 4], most };
  console.log(`\nn-gram scorer, ${most} targets\n\n${await compressionTable(corpus, rows, options)}`);
  const scorer = embeddedScorer(model, 'python');
  console.log(`\nembedded model, the same\n\n${await compressionTable(corpus, rows, { ...options, scorer })}`);
  rows.dispose();
  corpus.dispose();
}
