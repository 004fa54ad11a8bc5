/** What this process and the one that it may have started for the model use; the latter is known on Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of the clock in /proc, a second; the same on all Linux systems of today. */
const ticks = 100;
const pageBytes = 4096;

/** Resident bytes of both. */
export function residentBytes(): number {
  return children().reduce(
    (sum, pid) => sum + Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageBytes,
    process.memoryUsage().rss,
  );
}

/** Processor time of all threads of both so far, in milliseconds. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return children().reduce(
    (sum, pid) => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return sum + ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks;
    },
    (user + system) / 1000,
  );
}

function children(): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8')
      .split(' ')
      .filter((pid) => pid !== ''),
  );
}
