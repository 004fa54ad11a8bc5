import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readTokenizer } from '../../../../server/src/model/embedded/tokenizer.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const tokenizer = readTokenizer(readFileSync(path.join(root, 'models/tokenizer.json'), 'utf8'));

interface Sample {
  readonly text: string;
  readonly ids: readonly number[];
}

const samples = gunzipSync(readFileSync(path.join(root, 'test/fixtures/model/tokenizer-strings.jsonl.gz')))
  .toString('utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Sample);

describe('the tokenizer of the embedded model', () => {
  it('encodes all 10,000 strings as the training side does', () => {
    expect(samples).toHaveLength(10_000);
    const wrong = samples.filter(({ text, ids }) => tokenizer.encode(text).join() !== ids.join());
    expect(wrong).toEqual([]);
  });

  it('gives every string back, a byte order mark included', () => {
    const wrong = samples.filter(({ text, ids }) => tokenizer.decode(ids) !== text);
    expect(wrong).toEqual([]);
  });

  it('says where each token starts', () => {
    for (const { text } of samples.slice(0, 2000)) {
      const { ids, offsets } = tokenizer.encodeWithOffsets(text);
      expect(offsets).toHaveLength(ids.length);
      let end = 0;
      ids.forEach((_, index) => {
        const start = offsets[index] ?? -1;
        expect(start).toBeGreaterThanOrEqual(end);
        end = start;
      });
      expect(tokenizer.encode(text)).toEqual(ids);
    }
    expect(tokenizer.encodeWithOffsets('aé😀b').offsets).toContain(4);
  });

  it('never reads a special token out of text', () => {
    const specials = tokenizer.encode('<|end|><|doc|>').filter((id) => id < 48);
    expect(specials).toEqual([]);
  });

  it('stops at the limit with the same beginning', () => {
    const text = 'export function parseHeader(input: string): Header {\n  return read(input);\n}';
    expect(tokenizer.encode(text, 7)).toEqual(tokenizer.encode(text).slice(0, 7));
  });
});
