import type { ChosenCut, PartitionStrategy } from './strategy.ts';

const defaultTokens = 1024;

/** The baseline: fills each partition up to the limit and cuts at the last legal line that still fits. */
export const fixedStrategy: PartitionStrategy = {
  name: 'fixed',
  choose({ lines, cuts }, { maxTokens }) {
    const limit = maxTokens ?? defaultTokens;
    const chosen: ChosenCut[] = [];
    let start = 0;
    for (const [index, cut] of cuts.entries()) {
      const next = cuts[index + 1]?.line ?? lines.count;
      if (cut.line > start && lines.tokens(start, next) > limit) {
        chosen.push({ line: cut.line, reason: `${limit} tokens are full` });
        start = cut.line;
      }
    }
    return Promise.resolve(chosen);
  },
};
