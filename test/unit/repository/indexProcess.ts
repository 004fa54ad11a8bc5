/** A process of its own that indexes until it is done or killed, and tells of each batch: `indexProcess.ts ROOT HOME`. */
import { runIndex } from './indexedRepository.ts';

const [root = '', home = ''] = process.argv.slice(2);
process.send?.('started');
await runIndex(root, home, undefined, () => process.send?.('batch'));
process.disconnect?.();
