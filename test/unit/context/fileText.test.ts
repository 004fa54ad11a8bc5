import { afterAll, describe, expect, it } from 'vitest';
import { fileText } from '../../../server/src/context/fileText.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import type { LanguageId } from '../../../server/src/types/outline.ts';

const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
afterAll(() => syntax.dispose());

async function textOf(
  language: LanguageId,
  text: string,
  tokens = 10_000,
  comments: 'keep' | 'strip' = 'keep',
): Promise<ReturnType<typeof fileText>> {
  const doc = await syntax.open(language, text);
  try {
    return fileText(doc, { tokens, comments });
  } finally {
    doc.dispose();
  }
}

const shop = `import { bank } from './bank.ts';
import {
  receipt,
} from './receipt.ts';

/** Takes money from people. */
export class Till {
  /** Charges the card. */
  pay(amount: number): void {
    // twice when needed
    this.check(amount);
    bank(amount);
    receipt(amount);
  }

  /** Refuses what is no amount. */
  check(amount: number): void {
    if (amount <= 0) throw new RangeError('no amount');
  }

  /** Adds up the day. */
  total(): number {
    this.check(1);
    const wordy = 'a long body that nobody calls and that does not fit into a small room for text';
    return wordy.length + wordy.length + wordy.length + wordy.length + wordy.length;
  }
}
`;

describe('what all questions about a file are told of it', () => {
  it('is the whole code without doc comments where that fits', async () => {
    const found = await textOf('typescript', shop);
    expect(found?.form).toBe('code');
    expect(found?.text).toContain('    // twice when needed\n    this.check(amount);');
    expect(found?.text).not.toMatch(/Takes money|Charges|Refuses|Adds up|\n\n/);
    expect(found?.says.has('import { receipt, } from ./receipt.ts')).toBe(false);
    expect(found?.says.has("import { receipt, } from './receipt.ts';")).toBe(true);
    expect(found?.says.has('check(amount: number): void')).toBe(true);
  });

  it('has no docstring either: it goes before the question about each of its symbols', async () => {
    const python =
      'def pay(card):\n    """Charges the card."""\n    return bank(card)\n\n\ndef other():\n    return 1\n';
    expect((await textOf('python', python))?.text).toBe(
      'def pay(card):\n    return bank(card)\ndef other():\n    return 1',
    );
  });

  it('has no comments at all where they are stripped', async () => {
    expect((await textOf('typescript', shop, 10_000, 'strip'))?.text).not.toContain('twice');
  });

  it('cuts a doc comment once, whatever else calls it a comment, and what follows it in its line stays', async () => {
    const text = '/** Pays. */ export function pay() { return 1; }\n';
    expect((await textOf('typescript', text, 10_000, 'strip'))?.text).toBe(' export function pay() { return 1; }');
  });

  it('is imports and declarations where it is short of room, with the code that the file calls most', async () => {
    const found = await textOf('typescript', shop, 120);
    expect(found?.form).toBe('outline');
    expect(found?.text).toContain("import { bank } from './bank.ts';");
    expect(found?.text).toContain('total(): number');
    expect(found?.text).toContain('throw new RangeError');
    expect(found?.text).not.toContain('wordy');
    expect(found?.text).not.toMatch(/Takes money|Charges|Refuses|Adds up/);
  });

  it.each([20, 60, 120, 200, 400])(
    'keeps within %i tokens, up to one line that says what is missing',
    async (tokens) => {
      const text = (await textOf('typescript', shop, tokens))?.text ?? '';
      expect(text.replace(/\n\(\d+ more declarations\)$/, '').length / 3.2).toBeLessThanOrEqual(tokens);
    },
  );

  it('is nothing for an empty file', async () => {
    expect(await textOf('typescript', '\n\n')).toBeUndefined();
  });
});
