import type { Connection, TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Syntax, SyntaxDocument } from '../syntax/document.ts';
import type { LanguageId } from '../types/outline.ts';
import type { TextChange } from '../types/text.ts';

/** An open document: its text as the editor has it and, once parsed, its tree. */
export interface OpenDocument {
  readonly uri: string;
  readonly language: LanguageId;
  readonly version: number;
  readonly text: string;
  /** Present when the tree is there and matches `version`. */
  readonly syntax: SyntaxDocument | undefined;
}

interface Entry {
  text: TextDocument;
  readonly language: LanguageId;
  syntax: SyntaxDocument | undefined;
  opening: Promise<void>;
  readonly closed: AbortController;
}

type Listener = (uri: string) => void;

/**
 * The documents that the editor has open. Edits go straight into the tree, so that every feature answers from a tree that matches the text;
 * only the first parse (which may load a grammar) is awaited.
 */
export class Documents {
  readonly #entries = new Map<string, Entry>();
  readonly #syntax: Syntax;
  readonly #languageOf: (uri: string, languageId: string, text: string) => LanguageId | undefined;
  readonly #onFailure: (message: string) => void;
  readonly #ready: (uri: string) => Promise<unknown>;
  readonly #opened: Listener[] = [];
  readonly #changed: Listener[] = [];
  readonly #saved: Listener[] = [];
  readonly #closed: Listener[] = [];

  constructor(ports: {
    readonly syntax: Syntax;
    readonly languageOf: (uri: string, languageId: string, text: string) => LanguageId | undefined;
    readonly onFailure: (message: string) => void;
    /** What must be known before anything is said of a document: its settings, which choose who speaks. */
    readonly ready: (uri: string) => Promise<unknown>;
  }) {
    this.#syntax = ports.syntax;
    this.#languageOf = ports.languageOf;
    this.#onFailure = ports.onFailure;
    this.#ready = ports.ready;
  }

  register(connection: Connection): void {
    connection.onDidOpenTextDocument(({ textDocument }) => {
      const language = this.#languageOf(textDocument.uri, textDocument.languageId, textDocument.text);
      if (language === undefined) return;
      this.#close(textDocument.uri);
      this.#open(
        TextDocument.create(textDocument.uri, textDocument.languageId, textDocument.version, textDocument.text),
        language,
      );
      fire(this.#opened, textDocument.uri);
    });
    connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
      this.#change(textDocument.uri, textDocument.version, contentChanges);
    });
    connection.onDidSaveTextDocument(({ textDocument }) => fire(this.#saved, textDocument.uri));
    connection.onDidCloseTextDocument(({ textDocument }) => {
      this.#close(textDocument.uri);
      fire(this.#closed, textDocument.uri);
    });
  }

  /** The id that the editor gives the document; undefined for one that is not open, or not ours. */
  editorLanguage(uri: string): string | undefined {
    return this.#entries.get(uri)?.text.languageId;
  }

  onOpened(listener: Listener): void {
    this.#opened.push(listener);
  }
  onChanged(listener: Listener): void {
    this.#changed.push(listener);
  }
  onSaved(listener: Listener): void {
    this.#saved.push(listener);
  }
  onClosed(listener: Listener): void {
    this.#closed.push(listener);
  }

  uris(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** The document as it is now, at once; undefined when it is not open or not in a language that we read. */
  peek(uri: string): OpenDocument | undefined {
    const entry = this.#entries.get(uri);
    return entry && view(entry);
  }

  /** The document with its tree, waiting for the first parse if need be; undefined when it is not ours or its grammar is missing. */
  async get(uri: string): Promise<(OpenDocument & { readonly syntax: SyntaxDocument }) | undefined> {
    await this.#ready(uri);
    const entry = this.#entries.get(uri);
    if (entry === undefined) return undefined;
    await entry.opening;
    const document = view(entry);
    return document.syntax === undefined ? undefined : { ...document, syntax: document.syntax };
  }

  dispose(): void {
    for (const uri of [...this.#entries.keys()]) this.#close(uri);
  }

  #open(text: TextDocument, language: LanguageId): void {
    const entry: Entry = {
      text,
      language,
      syntax: undefined,
      opening: Promise.resolve(),
      closed: new AbortController(),
    };
    this.#entries.set(text.uri, entry);
    entry.opening = this.#parse(entry);
  }

  async #parse(entry: Entry): Promise<void> {
    const version = entry.text.version;
    try {
      const syntax = await this.#syntax.open(entry.language, entry.text.getText(), entry.closed.signal);
      if (entry.closed.signal.aborted) {
        syntax.dispose();
        return;
      }
      entry.syntax = syntax;
      if (entry.text.version !== version) replaceWhole(syntax, entry.text.getText());
    } catch (error) {
      if (!entry.closed.signal.aborted) this.#onFailure(`${entry.text.uri}: ${(error as Error).message}`);
    }
  }

  #change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void {
    const entry = this.#entries.get(uri);
    if (entry === undefined) return;
    entry.text = TextDocument.update(entry.text, [...changes], version);
    if (entry.syntax !== undefined) {
      const edits = changes.filter(
        (change): change is TextDocumentContentChangeEvent & TextChange => 'range' in change,
      );
      if (edits.length === changes.length) entry.syntax.update(edits);
      else replaceWhole(entry.syntax, entry.text.getText());
    }
    fire(this.#changed, uri);
  }

  #close(uri: string): void {
    const entry = this.#entries.get(uri);
    if (entry === undefined) return;
    this.#entries.delete(uri);
    entry.closed.abort();
    entry.syntax?.dispose();
  }
}

function view(entry: Entry): OpenDocument {
  return {
    uri: entry.text.uri,
    language: entry.language,
    version: entry.text.version,
    text: entry.text.getText(),
    syntax: entry.syntax,
  };
}

function replaceWhole(syntax: SyntaxDocument, text: string): void {
  syntax.update([{ range: { start: { line: 0, character: 0 }, end: syntax.positionAt(syntax.text.length) }, text }]);
}

function fire(listeners: readonly Listener[], uri: string): void {
  for (const listener of listeners) listener(uri);
}
