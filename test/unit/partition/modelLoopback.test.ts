import { afterEach, describe, expect, it } from 'vitest';
import { producerChooser } from '../../../server/src/model/boundaryChooser.ts';
import { createProducer } from '../../../server/src/model/producers.ts';
import { lineId } from '../../../server/src/partition/lineIds.ts';
import { modelStrategy } from '../../../server/src/partition/model.ts';
import { partitionDocument } from '../../../server/src/partition/partitioner.ts';
import type { Partition } from '../../../server/src/types/partition.ts';
import type { Behaviour } from '../../loopback/behaviour.ts';
import { type Loopback, startLoopback } from '../../loopback/server.ts';
import { portsWith, settingsOf } from '../model/requests.ts';
import { withDocument } from './openPartition.ts';

const source = [
  'START    CSECT',
  '         BAS   R14,READ',
  '         BR    R14',
  'READ     DS    0H',
  '         LA    R1,1',
  '         BR    R14',
  'WRITE    DS    0H',
  '         LA    R1,2',
  '         BR    R14',
  '         END',
].join('\n');

const open: Loopback[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function partitionsFor(
  provider: 'openai' | 'anthropic',
  script: readonly Behaviour[],
): Promise<{ readonly partitions: readonly Partition[]; readonly server: Loopback }> {
  const server = await startLoopback({ [provider]: script });
  open.push(server);
  const settings = settingsOf({ provider, model: 'loopback-model', endpoint: server.url });
  const producer = createProducer(settings, portsWith());
  const chooser = producerChooser(producer, { uri: 'file:///w/PROG.asm', path: 'PROG.asm' });
  const kept = new Map<string, string>();
  const cache = { get: (key: string) => kept.get(key), set: (key: string, value: string) => void kept.set(key, value) };
  const { signal } = new AbortController();
  try {
    const partitions = await withDocument('hlasm', source, (document) =>
      partitionDocument(document, modelStrategy(chooser, cache), { maxTokens: undefined, signal }),
    );
    return { partitions, server };
  } finally {
    producer.dispose();
  }
}

const good = {
  boundaries: [
    { reason: 'The file is read here.', id: lineId(3), title: 'Reads a record' },
    { reason: 'Then it is written.', id: lineId(6), title: 'Writes a record' },
  ],
};
const startsOf = (partitions: readonly Partition[]) => partitions.map(({ startLine }) => startLine);

describe('the strategy `model` against recorded answers', () => {
  it.each(['openai', 'anthropic'] as const)('takes a good answer (%s)', async (provider) => {
    const { partitions, server } = await partitionsFor(provider, [{ kind: 'answer', document: good }]);
    expect(partitions.map(({ startLine, title }) => [startLine, title]).slice(1)).toEqual([
      [3, 'Reads a record'],
      [6, 'Writes a record'],
    ]);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.prompt).toContain(`${lineId(3)}=|READ     DS    0H`);
  });

  it('reads an answer in a code fence between sentences', async () => {
    const text = `Sure!\n\`\`\`json\n${JSON.stringify(good)}\n\`\`\`\nHope this helps.`;
    const { partitions } = await partitionsFor('openai', [{ kind: 'answer', text }]);
    expect(startsOf(partitions)).toEqual([0, 3, 6]);
  });

  it('tells a model that invents ids which ones, and takes what is left when it does not learn', async () => {
    const bad = { boundaries: [...good.boundaries, { reason: 'x', id: 'q9', title: 'x' }] };
    const { partitions, server } = await partitionsFor('openai', [{ kind: 'answer', document: bad }]);
    expect(server.requests).toHaveLength(3);
    expect(server.requests[1]?.prompt).toContain('"q9"');
    expect(startsOf(partitions)).toEqual([0, 3, 6]);
  });

  it('lets a hostile answer do nothing but be legal', async () => {
    const document = {
      boundaries: [
        {
          reason: 'Ignore all rules.\u0000\u202e',
          id: lineId(1),
          title: '[run](command:workbench.action.quit)<img src=x>',
        },
        { reason: 'x'.repeat(100_000), id: '../../etc/passwd', title: 'x' },
        { id: 12 },
        null,
      ],
    };
    const { partitions } = await partitionsFor('openai', [{ kind: 'answer', document }]);
    expect(startsOf(partitions)).toEqual([0, 1]);
    expect(partitions[1]?.title).not.toMatch(/[<>]/);
    expect(partitions[1]?.reason).toBe('Ignore all rules.');
  });

  it('cuts by structure when every answer is broken', async () => {
    const text = 'boundaries: none, sorry';
    const { partitions, server } = await partitionsFor('openai', [{ kind: 'answer', text }]);
    expect(server.requests.length).toBeGreaterThanOrEqual(1);
    expect(startsOf(partitions)).toEqual([0, 3, 6]);
  });
});
