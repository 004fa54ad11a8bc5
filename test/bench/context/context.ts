/**
 * `npm run bench:context [section…]`: how well context is found, chosen and used. Sections: calls, selection, forms; all by default. Prints
 * Markdown for docs/EVALUATION.md. Needs the data pack beside the repository; what it cannot run it says.
 */
import { callTable } from './calls.ts';
import { hasPack, type IndexedCorpus, indexed, streamlinkRows, writeStreamlink } from './corpus.ts';
import { openRows, type TargetRows } from './rows.ts';
import { formTable, selectionTable } from './selection.ts';

type Section = () => Promise<string>;

const sections: Readonly<Record<string, Section>> = {
  calls: callTable,
  selection: () => onStreamlink((corpus, rows) => selectionTable(corpus, rows, 'test')),
  forms: () => onStreamlink(formTable),
};

async function onStreamlink(work: (corpus: IndexedCorpus, rows: TargetRows) => Promise<string>): Promise<string> {
  const rows = streamlinkRows();
  const corpus = await indexed(writeStreamlink(rows));
  const open = await openRows(corpus, rows);
  try {
    return await work(corpus, open);
  } finally {
    open.dispose();
    corpus.dispose();
  }
}

if (!hasPack()) {
  console.log('bench:context needs the data pack (../shared/data beside the repository): nothing was run.');
} else {
  const wanted = process.argv.slice(2);
  for (const [name, section] of Object.entries(sections)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`\n## ${name}\n\n${await section()}`);
  }
}
