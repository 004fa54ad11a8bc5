/** `npm run bench:model -- runtimes [count]`: whether onnxruntime-node and onnxruntime-web say the same of the same code. */
import { existsSync } from 'node:fs';
import type { EmbeddedModel } from '../../../server/src/model/embedded/embeddedModel.ts';
import { shownShare, trustIn } from '../../../server/src/model/embedded/trust.ts';
import type { LanguageId } from '../../../server/src/types/outline.ts';
import { randomFrom } from '../legacy/metrics.ts';
import { readPairs, trainingFolder } from './search.ts';
import { bare, bleu } from './texts.ts';

const signal = new AbortController().signal;
/** Longer ones are cut by the prompt anyway. */
const mostCharacters = 3000;

interface Pair {
  readonly lang: LanguageId;
  readonly code: string;
  readonly doc: string;
  readonly doc1?: string;
}

/** Greedy texts and vectors of the same prompts from both, over test functions of all languages. */
export async function compareRuntimes(native: EmbeddedModel, wasm: EmbeddedModel, count: number): Promise<void> {
  if (!existsSync(trainingFolder)) {
    console.log(`skipped: the training data is not at ${trainingFolder}`);
    return;
  }
  const next = randomFrom(11);
  const chosen = readPairs<Pair>('test')
    .filter(({ code }) => code.length <= mostCharacters)
    .map((pair) => ({ pair, key: next() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, count);
  const nearness: number[] = [];
  const trusts: number[] = [];
  const bleus = { ours: 0, theirs: 0 };
  let equal = 0;
  for (const { pair } of chosen) {
    const prompt = bare(pair.lang, pair.code);
    const ask = (model: EmbeddedModel) =>
      Promise.all([
        model.ask({ kind: 'summarize', prompt }, 'file', signal),
        model.ask({ kind: 'embedCode', prompt }, 'file', signal),
      ]);
    const [[ours, left], [theirs, right]] = [await ask(native), await ask(wasm)];
    nearness.push(left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0));
    const trustOf = (said: typeof ours): number => trustIn(said, shownShare(prompt.code, said.text));
    trusts.push(Math.abs(trustOf(ours) - trustOf(theirs)));
    const reference = pair.doc1 ?? pair.doc;
    bleus.ours += bleu(reference, ours.text) / chosen.length;
    bleus.theirs += bleu(reference, theirs.text) / chosen.length;
    if (ours.text === theirs.text) equal += 1;
    else console.log(`${pair.lang} differs: "${ours.text}" / "${theirs.text}"`);
  }
  console.log(`${equal} of ${chosen.length} greedy texts equal`);
  console.log(`BLEU-4 against the authors: ${bleus.ours.toFixed(2)} and ${bleus.theirs.toFixed(2)}`);
  console.log(`cosine of the two vectors of a function: least ${Math.min(...nearness).toFixed(5)}`);
  console.log(`trust differs by ${Math.max(...trusts).toFixed(4)} at most`);
}
