import type { Output } from './arguments.ts';

/** A bar for a person who watches; nothing for a log file. */
export interface ProgressBar {
  readonly show: (done: number, total: number) => void;
  readonly clear: () => void;
}

const width = 28;
/** Milliseconds between two pictures. */
const pace = 80;

export function progressBar({ isTerminal, err }: Output, title: string): ProgressBar {
  let shown = 0;
  return {
    show(done, total) {
      const now = performance.now();
      if (!isTerminal || (now - shown < pace && done < total)) return;
      shown = now;
      const filled = total === 0 ? width : Math.round((done / total) * width);
      err(`\r\x1b[K${title} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done}/${total}`);
    },
    clear: () => {
      if (isTerminal) err('\r\x1b[K');
    },
  };
}
