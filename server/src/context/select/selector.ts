import { coverage } from './coverage.ts';
import { gradient } from './gradient.ts';
import { mcts } from './mcts.ts';
import type { Selector } from './task.ts';
import { topK } from './topK.ts';

export const selectorNames = ['top-k', 'gradient', 'coverage', 'mcts'] as const;
export type SelectorName = (typeof selectorNames)[number];

/** Ways to choose pieces under a budget, each a published idea in our own words. */
export const selectors: Readonly<Record<SelectorName, Selector>> = { 'top-k': topK, gradient, coverage, mcts };

/** The one that wins on our numbers: docs/EVALUATION.md, "Context". */
export const defaultSelector: SelectorName = 'coverage';
