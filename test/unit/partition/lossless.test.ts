import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { legalCuts } from '../../../server/src/partition/cuts.ts';
import { NgramScorer } from '../../../server/src/partition/ngramScorer.ts';
import { partitionDocument } from '../../../server/src/partition/partitioner.ts';
import { partitionStrategy } from '../../../server/src/partition/strategies.ts';
import type { PartitionStrategy } from '../../../server/src/partition/strategy.ts';
import { splitLines } from '../../../server/src/types/lines.ts';
import type { LanguageId } from '../../../server/src/types/outline.ts';
import { withDocument } from './openPartition.ts';

const languages: readonly LanguageId[] = ['mumps', 'hlasm', 'asm', 'python', 'typescript', 'c'];

const snippets: readonly string[] = [
  'TAG(A) ;title',
  ' S X=1 D  Q',
  ' . S Y=2',
  ' ;;A^B',
  ' E  Q',
  ' ; note',
  'SUB      DS    0H',
  '         BR    R14',
  "         DC    C'X'",
  '         MACRO',
  '         MEND',
  '* note',
  '********************',
  '%macro X 1',
  '%endmacro',
  'main: mov ax, bx ; c',
  '.if X',
  '.endif',
  'def f():',
  '    return 1',
  'class A:',
  'function f() {',
  '}',
  '/* c',
  '*/',
  '"""',
  '',
];

const anyText = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...snippets) }, fc.string({ maxLength: 30, unit: 'binary' })),
      fc.constantFrom('\n', '\r\n', '\r'),
    ),
    { maxLength: 60 },
  )
  .map((lines) => lines.map(([text, end]) => text + end).join(''));

const anyLimit = fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined });

async function expectLossless(language: LanguageId, text: string, strategy: PartitionStrategy, maxTokens?: number) {
  await withDocument(language, text, async (document) => {
    const options = { maxTokens, signal: new AbortController().signal };
    const partitions = await partitionDocument(document, strategy, options);
    const lines = splitLines(text);
    const pieces = partitions.map(({ startLine, endLine }) =>
      text.slice(lines[startLine]?.start ?? text.length, lines[endLine]?.start ?? text.length),
    );
    expect(pieces.join('')).toBe(text);
    expect(partitions[0]?.startLine).toBe(0);
    expect(partitions.at(-1)?.endLine).toBe(lines.length);
    const legal = new Set(legalCuts(document).map(({ line }) => line));
    for (const { startLine } of partitions.slice(1)) expect(legal.has(startLine)).toBe(true);
    for (const { title } of partitions) expect(title).not.toBe('');
  });
}

describe('partitions of any text, by any strategy', () => {
  const scorer = new NgramScorer();
  scorer.learn(snippets.join('\n'));
  const strategies = (['structure', 'fixed', 'learned', 'surprisal'] as const).flatMap((name) => {
    const strategy = partitionStrategy(name, { scorer });
    return strategy === undefined ? [] : [[name, strategy] as const];
  });

  it.each(strategies)(
    '%s loses nothing and cuts only at legal lines',
    async (_, strategy) => {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...languages), anyText, anyLimit, (language, text, limit) =>
          expectLossless(language, text, strategy, limit),
        ),
        { numRuns: 150 },
      );
    },
    60_000,
  );

  it('loses nothing when a strategy answers nonsense', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...languages), anyText, fc.array(fc.double()), (language, text, answer) =>
        expectLossless(language, text, {
          name: 'model',
          choose: () => Promise.resolve(answer.map((line) => ({ line, reason: 'nonsense' }))),
        }),
      ),
      { numRuns: 100 },
    );
  }, 60_000);
});
