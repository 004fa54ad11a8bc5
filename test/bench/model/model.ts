/**
 * `npm run bench:model`: what the embedded model costs at run time. `--wasm`: in WebAssembly even where native code lies. Other questions:
 * `-- texts [count]`: its texts against training's, and BLEU; `-- runtimes [count]`: whether both runtimes say the same; `-- editor [seconds]`:
 * what an editor feels while it works; `-- search [candidates]`: search by meaning; `-- surprisal [files]`, `-- compression [targets]`: its
 * surprise against the n-gram scorer's.
 */
import { loadavg } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../server/src/model/clock.ts';
import { embeddedEmbedder } from '../../../server/src/model/embedded/embeddedEmbedder.ts';
import { openEmbedded } from '../../../server/src/model/embedded/openEmbedded.ts';
import { syntax } from '../legacy/partitions.ts';
import { compareCompression } from './compression.ts';
import { editorTable } from './editor.ts';
import { latencyTable } from './latency.ts';
import { compareRuntimes } from './runtimes.ts';
import { searchTable } from './search.ts';
import { compareScorers } from './surprisal.ts';
import { bleuTable, compareTexts } from './texts.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const flags = process.argv.slice(2);
const [what = 'latency', amount] = flags.filter((flag) => !flag.startsWith('--'));
const isNative = !flags.includes('--wasm');
const found = openEmbedded({ bundled: false, root }, systemClock, {
  native: isNative,
  onLoaded: ({ runtime, problem }) => console.log(`runs in ${runtime}${problem === undefined ? '' : ` (${problem})`}`),
});
const load = loadavg().map((value) => value.toFixed(1));
console.log(`${found.name}, ${(found.bytes / 1e6).toFixed(1)} MB; load average ${load.join(' ')}`);
switch (what) {
  case 'texts':
    await compareTexts(found.model, Number(amount ?? 24));
    await bleuTable(found.model, Number(amount ?? 40));
    break;
  case 'runtimes': {
    const wasm = openEmbedded({ bundled: false, root }, systemClock, { native: false });
    await compareRuntimes(found.model, wasm.model, Number(amount ?? 48));
    wasm.model.dispose();
    break;
  }
  case 'search':
    await searchTable(embeddedEmbedder(found), Number(amount ?? 100));
    break;
  case 'surprisal':
    await compareScorers(found.model, Number(amount ?? 12));
    break;
  case 'compression':
    await compareCompression(found.model, Number(amount ?? 6));
    break;
  case 'editor':
    await editorTable(Number(amount ?? 20));
    break;
  default:
    await latencyTable(found.model, embeddedEmbedder(found));
}
syntax.dispose();
found.model.dispose();
