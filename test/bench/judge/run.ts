import { join } from 'node:path';
import { findAssets } from '../../../server/src/assets.ts';
import { type Core, createCore } from '../../../server/src/core.ts';
import { memoryLedger } from '../../../server/src/model/budget.ts';
import { systemClock } from '../../../server/src/model/clock.ts';
import { createProducer, type ManagedProducer, type ProducerPorts } from '../../../server/src/model/producers.ts';
import { defaultSettings, type Settings } from '../../../server/src/settings.ts';
import { mapBounded } from '../../../server/src/summary/mapBounded.ts';
import { ModelError } from '../../../server/src/types/errors.ts';
import type { ProviderId } from '../../../server/src/types/summary.ts';
import { createAsker } from './asker.ts';
import type { BenchFile } from './documents.ts';
import { judgeAll, judgeForecast } from './judging.ts';
import { printTable, type Verdict } from './table.ts';
import { type Commented, generate, variantName, variants, worstTokensOf } from './variants.ts';

export interface ModelChoice {
  readonly provider: ProviderId;
  readonly model: string;
  readonly endpoint: string;
}

export interface JudgeBench {
  readonly files: readonly BenchFile[];
  readonly producer: ModelChoice;
  /** Undefined: only what was generated is printed. */
  readonly judge: ModelChoice | undefined;
  readonly seed: number;
  /** Whether the user agreed to what the forecast says; asked for models that are not on this machine. */
  readonly confirmed: boolean;
  /** Where summaries and answers are kept between runs. */
  readonly cache: string;
  readonly apiKey: (provider: ProviderId) => string | null;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Makes the comments, has them judged, prints the tables. Throws `ModelError` where a model cannot be used at all. */
export async function runJudgeBench(bench: JudgeBench): Promise<Verdict> {
  const core = openProducer(bench);
  try {
    const { identity, local } = core.producer();
    bench.print(`producer: ${identity.provider}/${identity.model}; ${bench.files.length} files, seed ${bench.seed}`);
    if (!local && !(await allowed(bench, 'producer', await producerForecast(core, bench)))) {
      return conclude(bench, [], { measured: false, reason: 'the producer was not confirmed with --yes' });
    }
    const commented = await generateAll(core, bench);
    if (bench.judge === undefined)
      return conclude(bench, commented, { measured: false, reason: 'no judge is configured' });
    return await judged(bench, bench.judge, commented);
  } finally {
    core.dispose();
  }
}

async function judged(bench: JudgeBench, choice: ModelChoice, commented: readonly Commented[]): Promise<Verdict> {
  const judge = openJudge(bench, choice);
  try {
    const { provider, model } = judge.identity;
    bench.print(`judge: ${provider}/${model}`);
    if (provider !== 'anthropic' && provider !== 'openai') {
      return conclude(bench, commented, { measured: false, reason: `${provider} is no language model that can judge` });
    }
    const asker = createAsker(judge, choice.endpoint, join(bench.cache, 'answers'));
    const forecast = judgeForecast(commented, asker);
    if (!(await allowed(bench, 'judge', forecast, judge.local))) {
      return conclude(bench, commented, { measured: false, reason: 'the judge was not confirmed with --yes' });
    }
    return conclude(bench, commented, await judgeAll(commented, asker, bench.seed, bench.signal));
  } catch (error) {
    if (!ModelError.is(error) || error.kind === 'cancelled') throw error;
    return conclude(bench, commented, { measured: false, reason: `the judge cannot be used: ${error.message}` });
  } finally {
    judge.dispose();
  }
}

function conclude(bench: JudgeBench, commented: readonly Commented[], verdict: Verdict): Verdict {
  printTable(commented, verdict, bench.print);
  return verdict;
}

async function allowed(bench: JudgeBench, who: string, tokens: number, local = false): Promise<boolean> {
  bench.print(`${who}: at most ${tokens.toLocaleString('en')} tokens (every byte counted as a token, every try used)`);
  if (local || bench.confirmed || tokens === 0) return true;
  bench.print(`${who}: not on this machine; run again with --yes to send the files of the pack there and pay for it.`);
  return false;
}

async function producerForecast(core: Core, bench: JudgeBench): Promise<number> {
  let tokens = 0;
  for (const file of bench.files) {
    for (const variant of variants) tokens += await worstTokensOf(core, file, variant, bench.signal);
  }
  return tokens;
}

async function generateAll(core: Core, bench: JudgeBench): Promise<readonly Commented[]> {
  return mapBounded(bench.files, 2, async (file): Promise<Commented> => {
    const made: Commented['made'][number][] = [];
    for (const variant of variants) {
      const generated = await generate(core, file, variant, bench.signal);
      if (generated !== undefined) made.push({ name: variantName(variant), ...generated });
    }
    return { file, made };
  });
}

function settingsOf({ provider, model, endpoint }: ModelChoice): Settings {
  // No daily limit: the forecast above is what the user agreed to.
  return { ...defaultSettings, provider, model, endpoint, automatic: true, budget: { daily: null } };
}

function portsOf(bench: JudgeBench, choice: ModelChoice): Omit<ProducerPorts, 'ledger'> {
  return {
    clock: systemClock,
    random: () => 0.5,
    isTrusted: () => true,
    isIgnored: () => false,
    isChosen: (provider) => provider === choice.provider,
    apiKey: async (provider) => bench.apiKey(provider),
    onBlocked: () => undefined,
  };
}

function openProducer(bench: JudgeBench): Core {
  const settings = settingsOf(bench.producer);
  return createCore({
    ...portsOf(bench, bench.producer),
    assets: findAssets(import.meta.dirname),
    home: join(bench.cache, 'home'),
    settings: () => settings,
    repositoryOf: () => '',
    onProblem: (message) => bench.print(message),
  });
}

function openJudge(bench: JudgeBench, choice: ModelChoice): ManagedProducer {
  return createProducer(settingsOf(choice), { ...portsOf(bench, choice), ledger: memoryLedger() });
}
