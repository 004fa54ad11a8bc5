/** A process of its own that writes summaries until it is done or killed: `writer.ts FOLDER [COUNT] [NAME]`. */
import { createSummaryStore } from '../../../server/src/store/summaryStore.ts';
import { subjectOf, summaryNamed } from './summaries.ts';

const [folder, count = '1000000', name = 'w'] = process.argv.slice(2);
const store = createSummaryStore({ folder, clock: Date.now });
for (let index = 0; index < Number(count); index++) {
  store.put(subjectOf(`${name}${index}`), summaryNamed(`${name}${index}`));
  process.send?.(index);
  // Lets the message out, and the kill in.
  await new Promise((resolve) => setImmediate(resolve));
}
store.close();
process.disconnect?.();
