/** `npm run bench:model`: how long the embedded model takes, how much memory it adds, and whether anything else waits for it. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { EmbeddedModel } from '../../../server/src/model/embedded/embeddedModel.ts';
import type { PromptInput } from '../../../server/src/model/embedded/tasks.ts';
import type { Embedder } from '../../../server/src/repository/embedder.ts';
import { processorMs, residentBytes } from './processes.ts';

const signal = new AbortController().signal;
const symbolsEmbedded = 10;
const warmRounds = 5;

/** About ten tokens a line, as ordinary code has. */
const statements = [
  '    for item in order.items:',
  '        if item.count == 0:',
  '            continue',
  '        price = self.price_of(item)',
  '        total += price * item.count',
  '    if total > self.limit:',
  '        raise LimitError(total)',
  '    self.log(total)',
];

/** A function of `lines` lines; another number gives other names, so that only the shared beginning can be reused. */
function promptOf(number: number, lines: number): PromptInput {
  const middle = Array.from({ length: lines - 6 }, (_, line) => statements[line % statements.length] ?? '');
  return {
    language: 'python',
    path: 'shop/orders.py',
    owner: 'class OrderBook:\n def add(self, order)\n def remove(self, order)',
    calls: ['check', 'price_of', 'LimitError', 'log', 'round'],
    callees: [{ name: 'check', sentence: 'Raises an error for an order that is empty.' }],
    examples: [{ head: 'def tax_of(self, order):', sentence: 'Returns the tax of an order.' }],
    code: [
      `def total_${number}(self, order):`,
      '    self.check(order)',
      `    total = ${number}`,
      ...middle,
      '    for discount in order.discounts:',
      '        total -= discount.amount',
      '    return round(total, 2)',
    ].join('\n'),
  };
}

export async function latencyTable(model: EmbeddedModel, embedder: Embedder): Promise<void> {
  console.log('\n| what | measured | processor time of all threads |\n|---|---|---|');
  const row = (what: string, value: string, cpu?: number): void =>
    console.log(`| ${what} | ${value} | ${cpu === undefined ? '' : ms(cpu)} |`);
  const ms = (value: number): string => `${Math.round(value)} ms`;
  const before = residentBytes();
  const blocks = monitorEventLoopDelay({ resolution: 1 });
  blocks.enable();
  const summarize = (prompt: PromptInput, priority: 'hover' | 'lens' | 'background' = 'lens') =>
    timed(() => model.ask({ kind: 'summarize', prompt }, priority, signal));

  const cold = await summarize(promptOf(0, 40), 'hover');
  row(
    '40-line function, cold (loading included)',
    `${ms(cold.ms)}, ${cold.result.inputTokens} tokens read, ${cold.result.outputTokens} written`,
    cold.cpu,
  );
  const warm: Timed<unknown>[] = [];
  for (let round = 1; round <= warmRounds; round += 1) warm.push(await summarize(promptOf(round, 40), 'hover'));
  const [times, costs] = [warm.map((each) => each.ms), warm.map((each) => each.cpu)];
  row(`40-line function, warm, median of ${warmRounds}`, ms(median(times)), median(costs));
  row('resident memory added', `${Math.round((residentBytes() - before) / 1e6)} MB`);

  const embedding = await timed(async () => {
    for (let at = 0; at < symbolsEmbedded; at += 1)
      await embedder.embedCode(
        { language: 'python', path: 'shop/orders.py', code: promptOf(200 + at, 12).code },
        signal,
      );
  });
  row('embedding, a symbol of 12 lines', ms(embedding.ms / symbolsEmbedded), embedding.cpu / symbolsEmbedded);

  const alone = await timed(() => embedder.embedQuery('total of an order', signal));
  const busy = Array.from({ length: 4 }, (_, at) => summarize(promptOf(300 + at, 40), 'background'));
  const waits: number[] = [];
  for (let round = 0; round < warmRounds; round += 1)
    waits.push((await timed(() => embedder.embedQuery(`total of an order ${round}`, signal))).ms - alone.ms);
  await Promise.all(busy);
  row('what an urgent question waits behind background work, median', ms(median(waits)));
  const file = await timed(() => Promise.all(Array.from({ length: 50 }, (_, at) => summarize(promptOf(100 + at, 12)))));
  row('file of 50 functions of 12 lines', `${(file.ms / 1000).toFixed(1)} s`, file.cpu);
  blocks.disable();
  row('longest block of the main thread', `${(blocks.max / 1e6).toFixed(1)} ms`);
}

interface Timed<T> {
  readonly ms: number;
  /** Of all threads of the process and the model's: what a busy machine changes least. Milliseconds. */
  readonly cpu: number;
  readonly result: T;
}

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const start = performance.now();
  const used = processorMs();
  const result = await work();
  return { ms: performance.now() - start, cpu: processorMs() - used, result };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
