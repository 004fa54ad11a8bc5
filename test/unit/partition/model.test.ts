import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  BoundaryCache,
  BoundaryChooser,
  BoundaryQuestion,
} from '../../../server/src/partition/boundaryChooser.ts';
import { legalCuts } from '../../../server/src/partition/cuts.ts';
import { lineId, lineOfId } from '../../../server/src/partition/lineIds.ts';
import { modelStrategy } from '../../../server/src/partition/model.ts';
import { partitionDocument } from '../../../server/src/partition/partitioner.ts';
import { splitLines } from '../../../server/src/types/lines.ts';
import type { Partition } from '../../../server/src/types/partition.ts';
import { withDocument } from './openPartition.ts';

const routine = Array.from({ length: 12 }, (_, label) => [
  `LAB${label}(A)`,
  ` S X=${label}`,
  ...Array.from({ length: 8 }, (__, line) => ` S Y(${line})=X+${line}`),
  ' Q',
]).flat();
const source = ['TEST ;XX - Test routine', ...routine].join('\n');
const lineOf = (label: number) => 1 + label * 11;

const part = (line: number, title = `Part at ${line}`) => ({ reason: 'It begins here.', id: lineId(line), title });
const answerOf = (...boundaries: readonly unknown[]) => JSON.stringify({ boundaries });

/** A model that gives one answer after the other, the last one again and again. */
function scripted(
  answers: readonly string[],
  windowTokens = 100_000,
): BoundaryChooser & { questions: BoundaryQuestion[] } {
  const questions: BoundaryQuestion[] = [];
  return {
    identity: 'test/scripted',
    windowTokens,
    questions,
    choose(question) {
      questions.push(question);
      return Promise.resolve(answers[Math.min(questions.length, answers.length) - 1] ?? '');
    },
  };
}

function memoryCache(): BoundaryCache {
  const kept = new Map<string, string>();
  return { get: (key) => kept.get(key), set: (key, value) => void kept.set(key, value) };
}

function partition(
  chooser: BoundaryChooser,
  {
    maxTokens,
    cache = memoryCache(),
    text = source,
  }: { maxTokens?: number; cache?: BoundaryCache; text?: string } = {},
): Promise<readonly Partition[]> {
  const signal = new AbortController().signal;
  return withDocument('mumps', text, (document) =>
    partitionDocument(document, modelStrategy(chooser, cache), { maxTokens, signal }),
  );
}

const startsOf = (partitions: readonly Partition[]) => partitions.map(({ startLine }) => startLine);

describe('line ids', () => {
  it('name their line, and no line after one slip (but for the shared check character `z`)', () => {
    for (const line of [0, 1, 35, 36, 1295, 1296, 99_999]) expect(lineOfId(lineId(line))).toBe(line);
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.nat(6),
        fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyz'),
        (line, at, to) => {
          const id = lineId(line);
          const slipped = id.slice(0, at) + to + id.slice(at + 1);
          if (slipped.length === id.length && slipped !== id && !/z$/.test(id + slipped)) {
            expect(lineOfId(slipped)).toBeUndefined();
          }
        },
      ),
    );
  });
});

describe('the strategy `model`', () => {
  it('takes the chosen cuts with their titles and reasons', async () => {
    const partitions = await partition(scripted([answerOf(part(lineOf(4), 'Sums up'), part(lineOf(8)))]));
    expect(startsOf(partitions)).toEqual([0, lineOf(4), lineOf(8)]);
    expect(partitions[1]).toMatchObject({ title: 'Sums up', reason: 'It begins here.' });
  });

  it('shows ids at legal lines, marks natural beginnings, and asks for the reason first', async () => {
    const chooser = scripted([answerOf()]);
    await partition(chooser, { maxTokens: 200 });
    const [question] = chooser.questions;
    expect(question?.task).toContain(`${lineId(lineOf(1))}=|LAB1(A)`);
    expect(question?.task).toContain('200 tokens');
    expect(question?.instructions).toMatch(/\{"reason":"…","id":"…","title":"…"\}/);
  });

  it('names unknown ids and oversized parts to the model, and takes the corrected answer', async () => {
    const good = answerOf(...Array.from({ length: 11 }, (_, label) => part(lineOf(label + 1))));
    const chooser = scripted([answerOf({ reason: 'x', id: 'zzzz', title: 'x' }), answerOf(part(lineOf(6))), good]);
    const partitions = await partition(chooser, { maxTokens: 100 });
    expect(chooser.questions).toHaveLength(3);
    expect(chooser.questions[1]?.task).toContain('"zzzz"');
    expect(chooser.questions[2]?.task).toMatch(/too large.*from 07? ?.*× the limit/s);
    expect(startsOf(partitions)).toEqual([0, ...Array.from({ length: 11 }, (_, label) => lineOf(label + 1))]);
  });

  it('repairs deterministically when the tries run out', async () => {
    const bad = answerOf(part(lineOf(6)));
    const first = await partition(scripted([bad]), { maxTokens: 120 });
    const again = await partition(scripted([bad]), { maxTokens: 120 });
    expect(first).toEqual(again);
    expect(startsOf(first)).toContain(lineOf(6));
    expect(Math.max(...first.map(({ tokens }) => tokens))).toBeLessThanOrEqual(120);
  });

  it('falls back to structure when no answer can be read', async () => {
    const chooser = scripted(['I cannot do that.']);
    const partitions = await partition(chooser, { maxTokens: 150 });
    expect(chooser.questions).toHaveLength(3);
    expect(partitions.length).toBeGreaterThan(1);
  });

  it('asks nothing the second time, and anew for another text or limit', async () => {
    const cache = memoryCache();
    const chooser = scripted([answerOf(part(lineOf(4)))]);
    const first = await partition(chooser, { cache });
    expect(await partition(chooser, { cache })).toEqual(first);
    expect(chooser.questions).toHaveLength(1);
    await partition(chooser, { cache, text: `${source}\n W 1` });
    expect(chooser.questions).toHaveLength(2);
  });

  it('works through a long file in windows that begin at its last boundary', async () => {
    const seen: (readonly [number, number])[] = [];
    const chooser: BoundaryChooser = {
      identity: 'test/windows',
      windowTokens: 150,
      choose({ startLine, endLine }) {
        seen.push([startLine, endLine]);
        const inside = Array.from({ length: 12 }, (_, label) => lineOf(label)).filter(
          (line) => line > startLine && line < endLine,
        );
        return Promise.resolve(answerOf(...inside.slice(-1).map((line) => part(line))));
      },
    };
    const partitions = await partition(chooser);
    expect(seen.length).toBeGreaterThan(2);
    for (const [index, [start]] of seen.entries()) if (index > 0) expect(startsOf(partitions)).toContain(start);
    expect(seen.at(-1)?.[1]).toBe(splitLines(source).length);
  });

  it('cleans hostile titles', async () => {
    const title = `<script>alert(1)</script>\n\u202e[x](command:evil)${'A'.repeat(500)}`;
    const [, second] = await partition(scripted([answerOf(part(lineOf(3), title))]));
    expect(second?.title).not.toMatch(/[<>\n\u202e]/);
    expect(second?.title.length).toBeLessThanOrEqual(100);
  });

  it('gives legal, lossless partitions for any answer whatever', async () => {
    const anyId = fc.oneof(fc.nat(200).map(lineId), fc.string({ maxLength: 6 }));
    const anyEntry = fc.oneof(
      fc.record({ reason: fc.string(), id: anyId, title: fc.string() }),
      fc.record({ id: fc.oneof(fc.integer(), fc.constant(null), anyId) }),
      fc.jsonValue(),
    );
    const anyAnswer = fc.oneof(
      fc.array(anyEntry, { maxLength: 30 }).map((boundaries) => JSON.stringify({ boundaries })),
      fc.json(),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyAnswer, { minLength: 1, maxLength: 4 }),
        fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
        fc.integer({ min: 1, max: 2000 }),
        async (answers, maxTokens, windowTokens) => {
          const options = maxTokens === undefined ? {} : { maxTokens };
          const partitions = await partition(scripted(answers, windowTokens), options);
          const lines = splitLines(source);
          const text = partitions
            .map(({ startLine, endLine }) =>
              source.slice(lines[startLine]?.start, lines[endLine]?.start ?? source.length),
            )
            .join('');
          expect(text).toBe(source);
          const legal = await withDocument('mumps', source, (document) => legalCuts(document).map(({ line }) => line));
          for (const { startLine } of partitions.slice(1)) expect(legal).toContain(startLine);
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);
});
