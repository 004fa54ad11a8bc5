import type { SummaryStore } from '../store/store.ts';
import type { Summarizer } from '../summary/summarizer.ts';
import type { Producer } from '../types/produce.ts';
import type { StoredSummary } from '../types/summary.ts';
import type { Target } from './gloss.ts';
import { summarizerPort } from './summarizerPort.ts';
import type { Workspace } from './workspace.ts';

/** A summary within milliseconds, or undefined; nothing of it is kept. */
export type Glance = (target: Target) => Promise<StoredSummary | undefined>;

/** A glance at a class of thousands of lines may take longer than a hover has; then there is none. Milliseconds. */
const longestGlance = 12;

/** Remembers nothing. */
const noStore: SummaryStore = {
  get: () => undefined,
  latest: () => undefined,
  put: () => undefined,
  clear: () => undefined,
  close: () => undefined,
};

/** @param summarizerOver the summarizer over another store and producer */
export function glanceOf(
  summarizerOver: (store: SummaryStore, producer: Producer) => Summarizer,
  producer: Producer,
  workspace: Workspace,
): Glance {
  const port = summarizerPort(summarizerOver(noStore, producer), workspace);
  return async (target) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), longestGlance);
    try {
      return await port.summarize(target, { priority: 'hover', signal: controller.signal, refresh: true });
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  };
}
