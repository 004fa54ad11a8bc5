import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelDescription } from '../../../../server/src/model/embedded/description.ts';
import { promptTokens, queryTokens } from '../../../../server/src/model/embedded/promptTokens.ts';
import type { PromptInput } from '../../../../server/src/model/embedded/tasks.ts';
import { readTokenizer } from '../../../../server/src/model/embedded/tokenizer.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const tokenizer = readTokenizer(read('models/tokenizer.json'));
const description = modelDescription.parse(JSON.parse(read('models/model.json')));

interface Sample {
  readonly input: PromptInput;
  readonly shared: number;
  readonly ids: readonly number[];
}

/** Written by us, encoded by training/encode.py. */
const samples = read('test/fixtures/model/prompts.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Sample);

describe('a prompt of the embedded model', () => {
  it.each(samples.map((sample) => [sample.input.path, sample] as const))(
    'is what training makes of %s',
    (_, sample) => {
      expect(promptTokens(sample.input, tokenizer, description)).toEqual({ ids: sample.ids, shared: sample.shared });
    },
  );

  it('fits into the positions that the graph has, however much is said', () => {
    const long = 'word '.repeat(5000);
    const each = { name: long, head: long, sentence: long };
    const many = Array.from({ length: 40 }, () => each);
    const { ids } = promptTokens(
      { language: 'java', path: long, owner: long, calls: [long], callees: many, examples: many, code: long },
      tokenizer,
      description,
    );
    expect(ids.length + description.maxNewTokens + 2).toBeLessThan(description.maxPositions);
  });

  it('asks for what is looked for between two marks', () => {
    const { specials } = description;
    const ids = queryTokens('python', 'read a csv file', tokenizer, description);
    expect(ids.slice(0, 2)).toEqual([specials['<|python|>'], specials['<|query|>']]);
    expect(ids.at(-1)).toBe(specials['<|emb|>']);
    expect(tokenizer.decode(ids)).toBe(' read a csv file');
    expect(queryTokens(undefined, 'x', tokenizer, description)[0]).toBe(specials['<|other|>']);
  });
});
