import { afterAll, describe, expect, it } from 'vitest';
import { createFileContext } from '../../../server/src/context/fileContext.ts';
import { outlineProducer } from '../../../server/src/model/outline/outline.ts';
import { lineId } from '../../../server/src/partition/lineIds.ts';
import { createSummaryStore } from '../../../server/src/store/summaryStore.ts';
import type { PartitionSource } from '../../../server/src/summary/chunks.ts';
import { createSummarizer } from '../../../server/src/summary/summarizer.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import type { ProduceRequest, Producer } from '../../../server/src/types/produce.ts';
import { RecordingProducer, testStyle } from './fakeProducer.ts';

const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
afterAll(() => syntax.dispose());

const labels = 60;
/** A routine of 60 labels, each with a comment of its own inside and none above; far too long for one request. */
const routine = [
  'LONG ;XX/YY - A long routine',
  ' ;;1.0;TEST;;',
  ' Q',
  ...Array.from({ length: labels }, (_, label) => [
    `DO${label}(A,B)`,
    ...Array.from({ length: 16 }, (_unused, step) => ` S ^TMP($J,${label},${step})=$P(A,"^",${step})+B ; keep it`),
    ' Q B',
  ]).flat(),
  '',
].join('\n');

/** Cuts at the lines given, with a title each. */
function cutAt(starts: readonly number[]): PartitionSource & { signatures: number } {
  return {
    signatures: 0,
    signature() {
      this.signatures++;
      return starts.join(',');
    },
    of: ({ syntax: doc }) =>
      Promise.resolve(
        [0, ...starts].map((startLine, index) => ({
          startLine,
          endLine: starts[index] ?? doc.outline.lines + 1,
          title: `part ${index}`,
          tokens: 1,
        })),
      ),
  };
}

const starts = [3 + 18 * 20, 3 + 18 * 40];
const go = { priority: 'file', signal: new AbortController().signal } as const;

function textOf({ prompt }: ProduceRequest): string {
  return prompt.map(({ text }) => text).join('\n');
}

/** Answers with a comment for each placeholder that the prompt shows. */
function commenting(producer: RecordingProducer, skip: readonly string[] = []): void {
  producer.answer = (request) =>
    JSON.stringify({
      line: 'Does a part of the work.',
      paragraph: 'It does what its source says.',
      claims: [],
      comments: [...textOf(request).matchAll(/^ *\| <comment (\w+)>$/gm)]
        .map(([, id = '']) => ({ id, text: `Comment ${id}.` }))
        .filter(({ id }) => !skip.includes(id) || request.key.endsWith('corrected')),
    });
}

async function summarizing<T>(
  producer: Producer,
  partitions: PartitionSource,
  work: (tools: {
    summarize: () => Promise<unknown>;
    peek: () => string;
    set: (source: PartitionSource) => void;
  }) => Promise<T>,
  comments: 'keep' | 'strip' = 'keep',
): Promise<T> {
  let source = partitions;
  const doc = await syntax.open('mumps', routine);
  const document = { uri: 'file:///repo/LONG.m', path: 'LONG.m', repository: 'repo', syntax: doc };
  const summarizer = createSummarizer({
    store: createSummaryStore({ folder: undefined, clock: () => 1 }),
    producer: () => producer,
    context: createFileContext(),
    syntax,
    clock: () => 1,
    style: () => ({ ...testStyle, comments }),
    partitions: { signature: (text) => source.signature(text), of: (text, signal) => source.of(text, signal) },
  });
  try {
    return await work({
      summarize: () => summarizer.summarize(document, 'file', go),
      peek: () => summarizer.peek(document, 'file').freshness,
      set: (next) => {
        source = next;
      },
    });
  } finally {
    doc.dispose();
  }
}

describe('the summary of a long file', () => {
  it('is made from its partitions: one request each, and one for the whole', async () => {
    const producer = new RecordingProducer();
    commenting(producer);
    await summarizing(producer, cutAt(starts), ({ summarize }) => summarize());
    expect(producer.requests.map(({ subject }) => subject.title ?? 'file')).toEqual([
      'part 0',
      'part 1',
      'part 2',
      'file',
    ]);
    const whole = producer.requests.at(-1);
    expect(whole?.parts.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'partition lines 1 to 363, part 0',
      'partition lines 364 to 723, part 1',
      'partition lines 724 to 1083, part 2',
    ]);
  });

  it('asks for the comments of a partition’s symbols by the ids of placeholders, and again for those that are missing', async () => {
    const producer = new RecordingProducer();
    commenting(producer, [lineId(3), lineId(7)]);
    await summarizing(producer, cutAt(starts), ({ summarize }) => summarize());
    const [first, again] = producer.requests.filter(({ subject }) => subject.title === 'part 1');
    expect(textOf(first as ProduceRequest)).toContain(`| <comment ${lineId(0)}>\n  1| DO20(A,B)`);
    expect(first?.schema['required']).toContain('comments');
    expect(textOf(again as ProduceRequest)).toContain(
      `\`comments\` has no text for the placeholders ${lineId(3)}, ${lineId(7)}.`,
    );
  });

  it('takes what there is when comments are missing twice', async () => {
    const producer = new RecordingProducer();
    producer.answer = () =>
      '{"line":"Works.","paragraph":"","claims":[],"comments":[{"id":"zzz","text":"No."},{"id":1}]}';
    await summarizing(producer, cutAt(starts), ({ summarize }) => summarize());
    expect(producer.requests).toHaveLength(7);
  });

  it('shows comments, or strips them, as the setting says', async () => {
    for (const comments of ['keep', 'strip'] as const) {
      const producer = new RecordingProducer();
      commenting(producer);
      await summarizing(producer, cutAt(starts), ({ summarize }) => summarize(), comments);
      const shown = producer.requests.filter((request) => textOf(request).includes('; keep it'));
      expect(shown.length > 0).toBe(comments === 'keep');
    }
  });

  it('turns stale when the file is divided otherwise, and asks only for what that changes', async () => {
    const producer = new RecordingProducer();
    commenting(producer);
    await summarizing(producer, cutAt(starts), async ({ summarize, peek, set }) => {
      await summarize();
      expect(peek()).toBe('fresh');
      producer.requests.splice(0);
      set(cutAt([starts[0] as number, (starts[1] as number) + 18]));
      expect(peek()).toBe('stale');
      await summarize();
      expect(producer.requests.map(({ subject }) => subject.title ?? 'file')).toEqual(['part 1', 'part 2', 'file']);
    });
  });

  it('names its parts where no model is asked', async () => {
    const made = await summarizing(outlineProducer(), cutAt(starts), ({ summarize }) => summarize());
    expect(made).toMatchObject({ line: 'MUMPS file with routine `LONG` in 3 parts.' });
    expect((made as { paragraph: string }).paragraph).toMatch(
      /^Lines 1 to 363: labels `DO0`, .*Lines 364 to 723: labels `DO20`/,
    );
  });
});
