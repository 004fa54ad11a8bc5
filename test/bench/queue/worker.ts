/** One worker of the throughput bench: takes generated jobs until it is killed, and says when it is at work. Arguments: URL, jobs taken at once. */
import { storeAddress } from '../../../server/src/store/postgres/address.ts';
import { openJobQueue } from '../../../server/src/store/postgres/jobQueue.ts';

const [url = '', batch = '50'] = process.argv.slice(2);
const address = storeAddress(url);
if (!address.ok) throw new Error(address.problem);
const queue = await openJobQueue<{ readonly number: number }>(address.config, 'bench');
const controller = new AbortController();
process.once('SIGTERM', () => controller.abort());
let handled = 0;
await queue.work({
  batch: Number(batch),
  lanes: 2,
  once: true,
  signal: controller.signal,
  onProblem: () => undefined,
  handle: async ({ data }) => {
    handled++;
    if (handled === 1) process.stdout.write('at work\n');
    // The log has no unique key: what is done twice is seen twice.
    return async (sql) => {
      await sql('INSERT INTO bench_log (number, worker) VALUES ($1, $2)', [data.number, process.pid]);
    };
  },
});
await queue.close();
