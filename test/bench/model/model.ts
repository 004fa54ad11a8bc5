/** `npm run bench:model [-- surprisal [files] | -- search [candidates]]`: what the embedded model costs and gives at run time. */
import { loadavg } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../server/src/model/clock.ts';
import { embeddedEmbedder } from '../../../server/src/model/embedded/embeddedEmbedder.ts';
import { openEmbedded } from '../../../server/src/model/embedded/openEmbedded.ts';
import { searchTable } from './search.ts';
import { compareScorers } from './surprisal.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const [what, amount] = process.argv.slice(2);
const found = openEmbedded({ bundled: false, root }, systemClock);
console.log(
  `${found.name}, ${(found.bytes / 1e6).toFixed(1)} MB; load average ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`,
);
if (what === 'surprisal') await compareScorers(found.model, Number(amount ?? 12));
if (what === 'search') await searchTable(embeddedEmbedder(found), Number(amount ?? 100));
found.model.dispose();
