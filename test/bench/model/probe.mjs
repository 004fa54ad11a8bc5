// Loaded into the server by `--import`: how long its main thread worked at a stretch. SIGUSR2 writes what was seen since the last one.
// Two clocks: the wall's, which other programs on the machine move too, and the thread's own processor time.
import { renameSync, writeFileSync } from 'node:fs';
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const file = process.env.CODEGLOSS_PROBE;
if (isMainThread && file !== undefined && process.argv.includes('lsp')) {
  const resolution = 1;
  const delays = monitorEventLoopDelay({ resolution });
  delays.enable();
  const work = createHistogram();
  const used = () => {
    const { user, system } = process.threadCpuUsage();
    return user + system;
  };
  let last = used();
  setInterval(() => {
    const now = used();
    work.record(Math.max(1, now - last));
    last = now;
  }, resolution).unref();
  process.on('SIGUSR2', () => {
    const wall = (nanoseconds) => nanoseconds / 1e6 - resolution;
    const seen = {
      p99: wall(delays.percentile(99)),
      max: wall(delays.max),
      workP99: work.percentile(99) / 1000,
      workMax: work.max / 1000,
    };
    writeFileSync(`${file}.new`, JSON.stringify(seen));
    renameSync(`${file}.new`, file);
    delays.reset();
    work.reset();
  });
}
