import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { uncoloredLanguages } from '../../../client/src/languages.ts';
import { syntax } from './openFixture.ts';

async function colored(language: 'mumps' | 'hlasm' | 'asm' | 'python', text: string, start = 0, end = text.length) {
  const document = await syntax.open(language, text);
  const found = document.highlights(start, end);
  document.dispose();
  return found;
}

const text = 'TEST ;first\nADD(A,B) S C="x"_A\n Q C\n';

describe('highlights', () => {
  it('colour a routine', async () => {
    const seen = (await colored('mumps', text)).map(
      ({ start, end, capture }) => `${text.slice(start, end)} ${capture}`,
    );
    for (const expected of [
      'TEST function',
      ';first comment',
      'A variable.parameter',
      '"x" string',
      'S keyword',
      'C variable',
    ])
      expect(seen).toContain(expected);
  });

  it.each([
    ['mumps', 'routine.m'],
    ['hlasm', 'program.hlasm'],
    ['asm', 'memory.nasm'],
  ] as const)(
    'of %s come by place, none over another, the inner before the outer, and the same by ranges',
    async (language, file) => {
      const source = readFileSync(`test/fixtures/languages/${file}`, 'utf8');
      const whole = await colored(language, source);
      expect(whole.length).toBeGreaterThan(20);
      let reached = 0;
      for (const { start, end } of whole) {
        expect(start).toBeGreaterThanOrEqual(reached);
        expect(end).toBeGreaterThan(start);
        reached = end;
      }
      const middle = source.indexOf('\n', source.length / 2) + 1;
      const halves = [...(await colored(language, source, 0, middle)), ...(await colored(language, source, middle))];
      expect(halves).toEqual(whole);
    },
  );

  it('let an inner node stand out of the one around it', async () => {
    const source = 'movl $12, %eax\n';
    const seen = (await colored('asm', source)).map(({ start, end }) => source.slice(start, end));
    expect(seen).toContain('%eax');
  });

  it('are none for languages that others colour', async () => {
    expect(await colored('python', 'def f(): pass\n')).toEqual([]);
  });
});

describe('languages that nobody else colours', () => {
  it('are ours without those that another extension contributes or has a grammar for', () => {
    expect(uncoloredLanguages([{}, { contributes: {} }])).toEqual(['mumps', 'hlasm', 'asm']);
    expect(uncoloredLanguages([{ contributes: { languages: [{ id: 'hlasm' }] } }])).toEqual(['mumps', 'asm']);
    expect(uncoloredLanguages([{ contributes: { grammars: [{ language: 'asm' }] } }])).toEqual(['mumps', 'hlasm']);
    const hostile = { contributes: { languages: 'mumps', grammars: null } } as never;
    expect(uncoloredLanguages([hostile])).toEqual(['mumps', 'hlasm', 'asm']);
  });
});
