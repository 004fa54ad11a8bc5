import { type Connection, type DocumentSymbol, SymbolKind as LspKind } from 'vscode-languageserver';
import { exportedNames } from '../syntax/asmExports.ts';
import type { Outline, SymbolKind } from '../types/outline.ts';
import { cancellable } from './cancellation.ts';
import type { Documents } from './documents.ts';

export const lspKinds: Readonly<Record<SymbolKind, LspKind>> = {
  module: LspKind.Module,
  namespace: LspKind.Namespace,
  package: LspKind.Package,
  class: LspKind.Class,
  method: LspKind.Method,
  property: LspKind.Property,
  field: LspKind.Field,
  constructor: LspKind.Constructor,
  enum: LspKind.Enum,
  interface: LspKind.Interface,
  function: LspKind.Function,
  variable: LspKind.Variable,
  constant: LspKind.Constant,
  struct: LspKind.Struct,
  object: LspKind.Object,
  event: LspKind.Event,
  operator: LspKind.Operator,
  typeparameter: LspKind.TypeParameter,
  routine: LspKind.Module,
  section: LspKind.Namespace,
  macro: LspKind.Constant,
  proc: LspKind.Function,
  paragraph: LspKind.Function,
};

/** The outline as the editor's symbol tree. */
export function registerDocumentSymbol(connection: Connection, documents: Documents): void {
  connection.onDocumentSymbol(({ textDocument }, token) =>
    cancellable(token, async () => {
      const document = await documents.get(textDocument.uri);
      if (document === undefined) return null;
      const { language, outline, text } = document.syntax;
      return symbolTree(outline, language === 'asm' ? exportedNames(text) : new Set());
    }),
  );
}

/** In assembly what others can link to says so: the sources keep that apart from the definition. */
function symbolTree({ symbols }: Outline, exported: ReadonlySet<string>): DocumentSymbol[] {
  const roots: DocumentSymbol[] = [];
  const made: DocumentSymbol[] = [];
  for (const symbol of symbols) {
    const mark = exported.has(symbol.name.toLowerCase()) ? 'exported ' : '';
    const detail = `${mark}${symbol.signature ?? ''}`.trim().slice(0, 200);
    const node: DocumentSymbol = {
      // Editors reject an empty name.
      name: symbol.name === '' ? '(unnamed)' : symbol.name,
      kind: lspKinds[symbol.kind],
      range: symbol.range,
      selectionRange: symbol.selectionRange,
      ...(detail === '' ? {} : { detail }),
    };
    made.push(node);
    const parent = symbol.parent === undefined ? undefined : made[symbol.parent];
    if (parent === undefined) roots.push(node);
    else {
      parent.children ??= [];
      parent.children.push(node);
    }
  }
  return roots;
}
