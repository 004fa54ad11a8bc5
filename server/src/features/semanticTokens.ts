import {
  type Connection,
  type Disposable,
  SemanticTokensBuilder,
  SemanticTokensRegistrationType,
} from 'vscode-languageserver';
import type { SyntaxDocument } from '../syntax/document.ts';
import type { Range } from '../types/text.ts';
import { cancellable } from './cancellation.ts';
import type { Documents } from './documents.ts';

/** Ids that we contribute, with grammars of our own; all others have highlighting from whoever contributes them. */
const ownLanguages: readonly string[] = ['mumps', 'hlasm', 'asm'];
/** Longer texts (UTF-16 units) are coloured where they are seen, not whole: an editor asks for the range that it shows. */
const maxWhole = 100_000;
/** A range of more than this is coloured up to here. */
const maxRange = 50_000;

const tokenTypes = [
  'comment',
  'keyword',
  'function',
  'macro',
  'variable',
  'parameter',
  'property',
  'type',
  'namespace',
  'number',
  'string',
  'regexp',
  'operator',
] as const;
type TokenType = (typeof tokenTypes)[number];

/** Captures in full or, where that says no more, by their first word. What is not here (punctuation, errors) keeps the editor's colour. */
const typeOfCapture: Readonly<Record<string, TokenType>> = {
  comment: 'comment',
  keyword: 'keyword',
  function: 'function',
  'function.macro': 'macro',
  label: 'function',
  variable: 'variable',
  'variable.parameter': 'parameter',
  property: 'property',
  attribute: 'property',
  constant: 'variable',
  'constant.macro': 'macro',
  type: 'type',
  module: 'namespace',
  namespace: 'namespace',
  number: 'number',
  string: 'string',
  'string.regexp': 'regexp',
  operator: 'operator',
};

/**
 * Colours from the grammars' own `highlights.scm`, for those of our ids that the client names: it alone knows which ids nobody else colours.
 * Registered dynamically, and again when the client's extensions change.
 */
export class SemanticTokens {
  readonly #connection: Connection;
  readonly #canRegister: boolean;
  #languages: ReadonlySet<string> = new Set();
  #registration: Promise<Disposable> | undefined;

  constructor(connection: Connection, documents: Documents, { canRegister }: { readonly canRegister: boolean }) {
    this.#connection = connection;
    this.#canRegister = canRegister;
    connection.languages.semanticTokens.on(({ textDocument }, token) =>
      cancellable(token, async () => (await this.#tokens(documents, textDocument.uri)) ?? { data: [] }),
    );
    connection.languages.semanticTokens.onRange(({ textDocument, range }, token) =>
      cancellable(token, async () => (await this.#tokens(documents, textDocument.uri, range)) ?? { data: [] }),
    );
  }

  /** Colours documents of these ids from now on, and no others. Ids that are not ours are left to their owners. */
  async color(languages: readonly string[]): Promise<void> {
    const wanted = ownLanguages.filter((id) => languages.includes(id));
    if (!this.#canRegister || wanted.join() === [...this.#languages].join()) return;
    this.#languages = new Set(wanted);
    const before = this.#registration;
    this.#registration = undefined;
    (await before)?.dispose();
    if (wanted.length === 0) return;
    this.#registration = this.#connection.client.register(SemanticTokensRegistrationType.type, {
      documentSelector: wanted.map((language) => ({ language })),
      legend: { tokenTypes: [...tokenTypes], tokenModifiers: [] },
      full: true,
      range: true,
    });
    await this.#registration;
  }

  async #tokens(documents: Documents, uri: string, range?: Range): Promise<{ data: number[] } | undefined> {
    if (!this.#languages.has(documents.editorLanguage(uri) ?? '')) return undefined;
    const document = await documents.get(uri);
    if (document === undefined) return undefined;
    const { syntax } = document;
    if (range === undefined && syntax.text.length > maxWhole) return undefined;
    const builder = new SemanticTokensBuilder();
    fill(builder, syntax, range);
    return builder.build();
  }
}

function fill(builder: SemanticTokensBuilder, syntax: SyntaxDocument, range: Range | undefined): void {
  const start = range === undefined ? 0 : syntax.offsetAt(range.start);
  const end = range === undefined ? syntax.text.length : Math.min(syntax.offsetAt(range.end), start + maxRange);
  for (const highlight of syntax.highlights(start, end)) {
    const type = typeOf(highlight.capture);
    if (type === undefined) continue;
    const place = syntax.positionAt(highlight.start);
    // A token stays on its line: few editors take one that does not.
    const lines = syntax.text.slice(highlight.start, highlight.end).split(/\r\n|[\n\r]/);
    for (const [index, line] of lines.entries())
      if (line.length > 0)
        builder.push(place.line + index, index === 0 ? place.character : 0, line.length, tokenTypes.indexOf(type), 0);
  }
}

function typeOf(capture: string): TokenType | undefined {
  return typeOfCapture[capture] ?? typeOfCapture[capture.slice(0, capture.indexOf('.'))];
}
