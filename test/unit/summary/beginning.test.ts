import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { targetsOf } from '../../../server/src/bulk/targets.ts';
import type { ContextProvider } from '../../../server/src/context/context.ts';
import { createFileContext } from '../../../server/src/context/fileContext.ts';
import type { OverviewLine } from '../../../server/src/context/overview.ts';
import { createSummaryStore } from '../../../server/src/store/summaryStore.ts';
import { beginningOf, tokensThatPay } from '../../../server/src/summary/beginning.ts';
import type { SummaryDocument } from '../../../server/src/summary/subjects.ts';
import type { Together } from '../../../server/src/summary/summarizeOptions.ts';
import { createSummarizer, type Summarizer } from '../../../server/src/summary/summarizer.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import type { SyntaxDocument } from '../../../server/src/syntax/document.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import type { ProduceRequest, Producer } from '../../../server/src/types/produce.ts';
import { RecordingProducer, testStyle } from './fakeProducer.ts';

const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
const opened: SyntaxDocument[] = [];
afterEach(() => {
  for (const doc of opened.splice(0)) doc.dispose();
});
afterAll(() => syntax.dispose());

async function open(text: string): Promise<SummaryDocument> {
  const doc = await syntax.open('typescript', text);
  opened.push(doc);
  return { uri: 'file:///repo/src/a.ts', path: 'src/a.ts', repository: 'repo', syntax: doc };
}

/** Functions of four lines with a doc comment each. */
const file = (count: number, more = '') =>
  Array.from(
    { length: count },
    (_, n) =>
      `/** Secretly knows number ${n} of its kind. */\nexport function work${n}(input: number): number {\n  const result${n} = helper${n}(input) + ${n};\n  return result${n};\n}\n`,
  ).join('\n') + more;

const large: readonly OverviewLine[] = Array.from({ length: 80 }, (_, n) => ({
  paths: [`src/part${n}.ts`],
  text: `src/part${n}.ts: export function part${n}(input: readonly string[]): Promise<void>`,
}));

const caching = () => Object.assign(new RecordingProducer(), { promptCache: { leastTokens: 1024, inTurn: true } });
const contextWith = (overview: readonly OverviewLine[]): ContextProvider => ({
  ...createFileContext(),
  overview: async () => overview,
});

function beginning(
  document: SummaryDocument,
  producer: Producer,
  { overview = large, together }: { overview?: readonly OverviewLine[]; together?: Together } = {},
) {
  const ofFile = targetsOf(document).length;
  const asked = together ?? { ofFile, ofRepository: 100 };
  return beginningOf(document, { producer, context: contextWith(overview), style: testStyle, together: asked })();
}

function summarizerFor(producer: Producer): Summarizer {
  return createSummarizer({
    store: createSummaryStore({ folder: undefined, clock: () => 1 }),
    producer: () => producer,
    context: contextWith(large),
    syntax,
    clock: () => 1,
    style: () => testStyle,
  });
}

const run = { priority: 'background', signal: new AbortController().signal } as const;
const sharedOf = ({ prompt }: ProduceRequest) => prompt.filter(({ role }) => role !== 'subject');

describe('what goes before all questions about a file', () => {
  it('is the repository and the file, byte for byte the same for each of its symbols', async () => {
    const producer = caching();
    await summarizerFor(producer).summarize(await open(file(8)), 'file', run);
    expect(producer.requests).toHaveLength(9);
    const [first] = producer.requests;
    expect(first?.prompt.map(({ role }) => role)).toEqual(['system', 'repository', 'file', 'subject']);
    for (const request of producer.requests) expect(sharedOf(request)).toEqual(sharedOf(first as ProduceRequest));
  });

  it('is the repository alone for the only question about a file: nobody pays for a write that nobody reads', async () => {
    const producer = caching();
    const options = { ...run, together: { ofFile: 1, ofRepository: 100 } };
    await summarizerFor(producer).summarize(await open(file(8)), 0, options);
    expect(producer.requests[0]?.prompt.map(({ role }) => role)).toEqual(['system', 'repository', 'subject']);
    expect(producer.requests[0]?.prompt.at(-1)?.text).toContain('File: "src/a.ts"');
  });

  it('holds no doc comment: each is the comment of somebody who will be asked about', async () => {
    const found = await beginning(await open(file(8)), caching());
    expect(found.file?.text).toContain('work3');
    expect(JSON.stringify(found)).not.toContain('Secretly');
  });

  it.each([
    ['a producer without a cache', new RecordingProducer(), {}],
    ['a batch', Object.assign(caching(), { promptCache: { leastTokens: 1024, inTurn: false } }), {}],
    ['a single question', caching(), { together: { ofFile: 1, ofRepository: 1 } }],
    ['two questions about a repository', caching(), { together: { ofFile: 1, ofRepository: 2 } }],
    ['a small file of a small repository', caching(), { overview: large.slice(0, 3) }],
  ])('is nothing for %s', async (_name, producer, options) => {
    expect(await beginning(await open(file(1)), producer, options)).toEqual({});
  });

  it('is the file alone where the repository says too little and the file enough', async () => {
    const found = await beginning(await open(file(40)), caching(), { overview: large.slice(0, 3) });
    expect(found.repository).toBeUndefined();
    expect(found.file?.text).toContain('work3');
  });

  it('is long enough for a model that caches long beginnings only', async () => {
    const producer = Object.assign(new RecordingProducer(), { promptCache: { leastTokens: 4096, inTurn: true } });
    const many = Array.from({ length: 400 }, (_, n) => ({
      paths: [`src/p${n}.ts`],
      text: `${large[n % 80]?.text} ${n}`,
    }));
    const found = await beginning(await open(file(8)), producer, { overview: many });
    expect((found.repository ?? []).join('').length / 4).toBeGreaterThan(3_500);
  });

  it('leaves out what may not be sent: lines of the repository one by one, the file as a whole', async () => {
    const producer = Object.assign(caching(), {
      blockOfText: async (path: string, text: string) =>
        path === 'src/part2.ts' || text.includes('work3') ? { message: 'not this' } : undefined,
    });
    const found = await beginning(await open(file(8)), producer);
    expect(found.file).toBeUndefined();
    expect(found.repository?.some((line) => line.includes('part2.ts'))).toBe(false);
    expect(found.repository?.some((line) => line.includes('part3.ts'))).toBe(true);
  });

  it('turns no summary stale when a function is added to the file, and changes what the next question is told', async () => {
    const producer = caching();
    const summarizer = summarizerFor(producer);
    const before = await open(file(8));
    await summarizer.summarize(before, 'file', run);
    const first = producer.requests[0] as ProduceRequest;
    producer.asked();
    const after = await open(
      file(8, '\nexport function added(input: string): string {\n  const a = input;\n  return a;\n}\n'),
    );
    for (let index = 0; index < 8; index++) expect(summarizer.peek(after, index).freshness).toBe('fresh');
    await summarizer.summarize(after, 'file', run);
    expect(producer.requests.map(({ subject }) => subject.symbol?.name)).toEqual(['added', undefined]);
    expect(sharedOf(producer.requests[0] as ProduceRequest)).not.toEqual(sharedOf(first));
  });

  it('lets a question leave out what the file has said', async () => {
    const producer = caching();
    const text = `${file(7)}\nexport function caller(input: number): number {\n  const a = work1(input);\n  return a;\n}\n`;
    await summarizerFor(producer).summarize(await open(text), 7, {
      ...run,
      together: { ofFile: 9, ofRepository: 100 },
    });
    const [request] = producer.requests;
    const question = request?.prompt.at(-1)?.text ?? '';
    // The callee's signature stands in the file already; what it does, in its author's words, does not.
    expect(request?.pieces.map(({ symbol }) => symbol)).toContain('work1');
    expect(question).toContain('Secretly knows number 1');
    expect(question).not.toContain('work1(input: number)');
  });

  it('lets no answer name what stands there alone: it is no part of the key', async () => {
    const producer = caching();
    const honest = producer.answer;
    producer.answer = (request) =>
      producer.requests.length > 1
        ? honest(request)
        : honest(request).replace('Does its work', 'Does what `helper7` does');
    const options = { ...run, together: { ofFile: 9, ofRepository: 100 } };
    await summarizerFor(producer).summarize(await open(file(8)), 1, options);
    expect(producer.requests).toHaveLength(2);
    expect(producer.requests[0]?.prompt.find(({ role }) => role === 'file')?.text).toContain('helper7');
    expect(producer.requests[1]?.prompt.at(-1)?.text).toContain('`line` names "helper7"');
  });

  it('is what a roll-up lacks: a file with one new function does not write all of it into a cache', async () => {
    const producer = caching();
    const summarizer = summarizerFor(producer);
    await summarizer.summarize(await open(file(40)), 'file', run);
    const whole = sharedOf(producer.requests[0] as ProduceRequest);
    producer.asked();
    const added = '\nexport function added(input: string): string {\n  const a = input;\n  return a;\n}\n';
    await summarizer.summarize(await open(file(40, added)), 'file', run);
    expect(producer.requests).toHaveLength(2);
    const size = (blocks: typeof whole) => blocks.reduce((sum, { text }) => sum + text.length, 0);
    expect(size(sharedOf(producer.requests[0] as ProduceRequest))).toBeLessThan(size(whole) / 2);
  });
});

describe('room for the file', () => {
  it.each([
    [1, 200],
    [8, 1025],
    [50, 2032],
  ])('grows with the questions that share it, %i: %i tokens', (questions, tokens) => {
    expect(tokensThatPay(questions)).toBe(tokens);
  });
});
