import type { Settings } from '../settings.ts';
import { UsageError } from './arguments.ts';

/** `--max-cost`: US dollars. */
export function maxCostOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const dollars = Number(value);
  if (value.trim() === '' || !(dollars >= 0) || !Number.isFinite(dollars))
    throw new UsageError(`--max-cost wants US dollars such as 5.00, not '${value}'.`);
  return dollars;
}

/** `--price IN/OUT`, in US dollars per million tokens, as the setting `codegloss.prices` for the model of this run. */
export function pricesFrom(value: string | undefined, { model, prices }: Settings): Settings['prices'] {
  if (value === undefined) return prices;
  const match = /^(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/.exec(value);
  if (match === null) throw new UsageError(`--price wants INPUT/OUTPUT such as 0.25/1.25, not '${value}'.`);
  if (model === '') throw new UsageError('--price needs --model: a price belongs to a model.');
  return { ...prices, [model]: { input: Number(match[1]), output: Number(match[2]) } };
}

const pollSeconds = 60;

/** `--poll SECONDS` between two looks at a batch, in milliseconds. */
export function pollMsOf(value: string | undefined): number {
  const seconds = Number(value ?? pollSeconds);
  if (!(seconds > 0)) throw new UsageError(`--poll wants seconds, not '${value}'.`);
  return seconds * 1000;
}
