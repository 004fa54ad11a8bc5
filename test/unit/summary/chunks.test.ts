import { describe, expect, it } from 'vitest';
import { chunksOf, structurePartitions } from '../../../server/src/summary/chunks.ts';
import type { SyntaxDocument } from '../../../server/src/syntax/document.ts';
import { withDocument } from '../partition/openPartition.ts';

/** A routine without labels: nothing for the outline but one symbol, and long. */
const routine = [
  'LONG ;XX - A long routine',
  ...Array.from({ length: 400 }, (_, step) => [
    ` I X=${step} D`,
    ` . S ^TMP($J,"LONG",${step})=$P(X,"^",${step})`,
    ` . W !,"Step ${step} of the long routine"`,
  ]).flat(),
  ' Q',
];

const table = Array.from({ length: 900 }, (_, row) => `\tDB\t'row ${row} of a table without any label or empty line'`);

const { signal } = new AbortController();

async function chunked(syntax: SyntaxDocument, texts: readonly string[]) {
  const partitions = await structurePartitions.of({ uri: 'file:///a', path: 'a', repository: '', syntax }, signal);
  return chunksOf(
    syntax,
    texts.map((text, line) => ({ line, text, hidden: false })),
    partitions,
  );
}

describe('chunks of a text that is too long', () => {
  it('cover every line once, and never part a dot block from its DO', async () => {
    const chunks = await withDocument('mumps', routine.join('\n'), (document) => chunked(document, routine));
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks.map(({ start }) => start.line)).toEqual([0, ...chunks.slice(0, -1).map(({ end }) => end.line)]);
    for (const { start } of chunks) expect(routine[start.line]).not.toMatch(/^ \./);
  });

  it('stay bounded where the structure has no place to cut', async () => {
    const chunks = await withDocument('asm', table.join('\n'), (document) => chunked(document, table));
    for (const { start, end } of chunks) expect((end.line - start.line) * 60).toBeLessThan(6_000 * 3.2);
  });
});
