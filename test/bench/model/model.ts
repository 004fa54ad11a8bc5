/**
 * `npm run bench:model`: what the embedded model costs at run time. `-- texts [count]`: its texts against training's, and BLEU;
 * `-- search [candidates]`: search by meaning; `-- surprisal [files]`: partitions by its surprise.
 */
import { loadavg } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../server/src/model/clock.ts';
import { embeddedEmbedder } from '../../../server/src/model/embedded/embeddedEmbedder.ts';
import { openEmbedded } from '../../../server/src/model/embedded/openEmbedded.ts';
import { syntax } from '../legacy/partitions.ts';
import { latencyTable } from './latency.ts';
import { searchTable } from './search.ts';
import { compareScorers } from './surprisal.ts';
import { bleuTable, compareTexts } from './texts.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const [what = 'latency', amount] = process.argv.slice(2);
const found = openEmbedded({ bundled: false, root }, systemClock);
const load = loadavg().map((value) => value.toFixed(1));
console.log(`${found.name}, ${(found.bytes / 1e6).toFixed(1)} MB; load average ${load.join(' ')}`);
switch (what) {
  case 'texts':
    await compareTexts(found.model, Number(amount ?? 24));
    await bleuTable(found.model, Number(amount ?? 40));
    break;
  case 'search':
    await searchTable(embeddedEmbedder(found), Number(amount ?? 100));
    break;
  case 'surprisal':
    await compareScorers(found.model, Number(amount ?? 12));
    break;
  default:
    await latencyTable(found.model, embeddedEmbedder(found));
}
syntax.dispose();
found.model.dispose();
