/**
 * `npm run bench:legacy`: how well the legacy grammars parse and how well the partition strategies find human section boundaries, on the
 * data pack beside the repository. `--partitions` or `--parsing` runs one half; names of languages limit the first.
 */
import { hasPack, packFolder } from './pack.ts';
import { printParsing } from './parsing.ts';
import { syntax } from './partitions.ts';
import { printPartitionTable, tableGroups } from './partitionTable.ts';

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith('--')).map((arg) => arg.toUpperCase());

if (!hasPack()) {
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
