import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { summarize, withModel } from './models.ts';

const bill =
  'from lib.prices import price_of\n\n\ndef bill_for(cart):\n    total = 0\n    for item in cart:\n        total += price_of(item)\n    return total\n';
const prices = 'def price_of(item):\n    """Looks up what an item costs today."""\n    return item.price * 2\n';
const onBill = { line: 3, character: 5 };

describe('the repository around an open document', () => {
  it(
    'is shown by Show Context, told to the model once indexed, and makes the summary stale by meaning alone',
    () =>
      withModel({}, {}, async (client, server) => {
        mkdirSync(path.join(client.folder, 'lib'));
        writeFileSync(path.join(client.folder, 'bill.py'), bill);
        writeFileSync(path.join(client.folder, 'lib/prices.py'), prices);
        const uri = await client.open('bill.py', 'python', bill);
        const shown = await client.until('the callee in the context', async () => {
          const params = { uri, line: 4, about: 'context' };
          const { markdown } = await client.request<{ markdown: string }>('codegloss/summaryDocument', params);
          return markdown.includes('costs today') ? markdown : undefined;
        });
        expect(shown).toContain('# Context of bill\\_for'.replace('\\', ''));
        expect(shown).toMatch(/called in line 7 · lib\/prices\.py&#58;1|called in line 7 · lib\/prices\.py:1/);

        expect(await client.request(summarize, { uri, line: 4 })).toMatchObject({ ok: true });
        expect(JSON.stringify(server.requests.map(({ body }) => body))).toContain('Looks up what an item costs today.');

        const other = await client.open('lib/prices.py', 'python', prices);
        const change = async (version: number, text: string): Promise<void> =>
          client.notify('textDocument/didChange', {
            textDocument: { uri: other, version },
            contentChanges: [{ text }],
          });
        await change(2, prices.replace('return item', '# Twice.\n    return item'));
        await client.hover(uri, onBill);
        expect(await client.hover(uri, onBill)).not.toContain('Outdated');
        await change(3, prices.replace('* 2', '* 3'));
        const hover = await client.until('the summary to be outdated', async () => {
          const value = await client.hover(uri, onBill);
          return value?.includes('Outdated') === true ? value : undefined;
        });
        expect(hover).toContain('price_of');
      }),
    60_000,
  );
});
