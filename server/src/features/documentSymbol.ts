import { type Connection, type DocumentSymbol, SymbolKind as LspKind } from 'vscode-languageserver';
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
      return document === undefined ? null : symbolTree(document.syntax.outline);
    }),
  );
}

function symbolTree({ symbols }: Outline): DocumentSymbol[] {
  const roots: DocumentSymbol[] = [];
  const made: DocumentSymbol[] = [];
  for (const symbol of symbols) {
    const node: DocumentSymbol = {
      // Editors reject an empty name.
      name: symbol.name === '' ? '(unnamed)' : symbol.name,
      kind: lspKinds[symbol.kind],
      range: symbol.range,
      selectionRange: symbol.selectionRange,
      ...(symbol.signature === undefined ? {} : { detail: symbol.signature.slice(0, 200) }),
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
