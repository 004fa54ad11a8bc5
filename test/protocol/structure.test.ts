import { describe, expect, it } from 'vitest';
import { type DocumentSymbol, type FoldingRange, SymbolKind } from 'vscode-languageserver-protocol';
import type { LanguageClient } from './languageClient.ts';
import { withClient } from './models.ts';

const shop = `// One rule
// on two lines.
export class Shop {
  open(): void {
    this.close();
  }
  close(): void {}
}

const twice = (n: number) =>
  2 * n;
`;

const symbolsOf = (client: LanguageClient, uri: string) =>
  client.request<DocumentSymbol[] | null>('textDocument/documentSymbol', { textDocument: { uri } });

const names = (symbols: readonly DocumentSymbol[] | null | undefined): unknown =>
  symbols?.map(({ name, kind, children }) => (children === undefined ? [name, kind] : [name, kind, names(children)]));

describe('the outline over LSP', () => {
  it('is a tree of symbols, each name inside its range', () =>
    withClient({}, async (client) => {
      const uri = await client.open('shop.ts', 'typescript', shop);
      const symbols = await symbolsOf(client, uri);
      expect(names(symbols)).toEqual([
        [
          'Shop',
          SymbolKind.Class,
          [
            ['open', SymbolKind.Method],
            ['close', SymbolKind.Method],
          ],
        ],
        ['twice', SymbolKind.Function],
      ]);
      for (const { range, selectionRange } of [...(symbols ?? []), ...(symbols?.[0]?.children ?? [])]) {
        expect(selectionRange.start.line).toBeGreaterThanOrEqual(range.start.line);
        expect(selectionRange.end.line).toBeLessThanOrEqual(range.end.line);
      }
    }));

  it('follows edits, also of several places in one message', () =>
    withClient({}, async (client) => {
      const uri = await client.open('shop.ts', 'typescript', shop);
      await symbolsOf(client, uri);
      const at = (line: number, from: number, to = from) => ({
        start: { line, character: from },
        end: { line, character: to },
      });
      await client.notify('textDocument/didChange', {
        textDocument: { uri, version: 2 },
        contentChanges: [
          { range: at(2, 13, 17), text: 'Store' },
          { range: at(9, 6, 11), text: 'thrice' },
          { range: at(0, 0), text: 'function first() {\n  return 1;\n}\n' },
        ],
      });
      expect((await symbolsOf(client, uri))?.map(({ name }) => name)).toEqual(['first', 'Store', 'thrice']);
    }));

  it('folds symbols and runs of comment lines', () =>
    withClient({}, async (client) => {
      const uri = await client.open('shop.ts', 'typescript', shop);
      const folds = await client.request<FoldingRange[]>('textDocument/foldingRange', { textDocument: { uri } });
      expect(folds.map(({ startLine, endLine, kind }) => [startLine, endLine, kind])).toEqual([
        [0, 1, 'comment'],
        [2, 7, undefined],
        [3, 5, undefined],
        [9, 10, undefined],
      ]);
    }));
});
