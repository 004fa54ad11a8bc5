/**
 * `npm run bench:legacy`: how well the legacy grammars parse and how well the partition strategies find human section boundaries, on the
 * data pack beside the repository. `--partitions` or `--parsing` runs one half; names of languages limit the first. `--corpus=mumps:FOLDER`
 * (also `hlasm:`, `asm:`; as often as wanted) measures the parsing of any other folder instead.
 */
import { hasPack, packFolder } from './pack.ts';
import { printCorpora, printParsing } from './parsing.ts';
import { syntax } from './partitions.ts';
import { printPartitionTable, tableGroups } from './partitionTable.ts';

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith('--')).map((arg) => arg.toUpperCase());

const corpora = args.flatMap((arg) => /^--corpus=(mumps|hlasm|asm):(.+)$/.exec(arg)?.slice(1, 3) ?? []);

if (corpora.length > 0) {
  syntax.dispose();
  await printCorpora(corpora);
} else if (!hasPack()) {
  console.log(`skipped: the legacy data pack is not at ${packFolder}`);
} else {
  if (!args.includes('--parsing')) {
    for (const group of tableGroups) {
      if (named.length === 0 || named.includes(group.title)) await printPartitionTable(group);
    }
  }
  syntax.dispose();
  if (!args.includes('--partitions') && named.length === 0) await printParsing();
}
