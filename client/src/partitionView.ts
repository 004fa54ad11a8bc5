import * as vscode from 'vscode';
import {
  type PartitionEditParams,
  type PartitionsParams,
  type PartitionsResult,
  partitionEditMethod,
  partitionsMethod,
} from '../../server/src/protocol.ts';
import { documentSelector } from './languages.ts';
import type { Session } from './session.ts';

/** Time without edits after which shown boundaries are computed again. */
const quietMs = 400;
const maxTitle = 100;

export type ShownPartition = PartitionsResult['partitions'][number];

/** A shown document: the strategy that the user chose for it, and what is drawn. */
interface Shown {
  readonly strategy: string | undefined;
  readonly partitions: readonly ShownPartition[];
}

/** Show Partitions: a line above each partition with its title behind the first line, and a fold, until the command is run again. */
export class PartitionView implements vscode.Disposable {
  readonly #session: Session;
  readonly #boundary: vscode.TextEditorDecorationType;
  readonly #foldsChanged = new vscode.EventEmitter<void>();
  readonly #shown = new Map<string, Shown>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(session: Session, gutterIcon: string) {
    this.#session = session;
    this.#boundary = vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      gutterIconPath: gutterIcon,
      gutterIconSize: 'contain',
      borderStyle: 'solid',
      borderWidth: '1px 0 0 0',
      borderColor: new vscode.ThemeColor('editorIndentGuide.activeBackground1'),
      overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.infoForeground'),
      overviewRulerLane: vscode.OverviewRulerLane.Left,
    });
    this.#subscriptions = [
      this.#foldsChanged,
      vscode.languages.registerFoldingRangeProvider(documentSelector, {
        onDidChangeFoldingRanges: this.#foldsChanged.event,
        provideFoldingRanges: ({ uri }) => (this.#shown.get(uri.toString())?.partitions ?? []).flatMap(foldOf),
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#later(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri.toString())),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        if (editor !== undefined && this.#shown.has(editor.document.uri.toString())) this.#later(editor.document);
      }),
    ];
  }

  /** Shows the partitions of an editor's document, or hides them. @returns what is now to be seen. */
  async toggle(editor: vscode.TextEditor): Promise<{ readonly shown: boolean; readonly count: number }> {
    const key = editor.document.uri.toString();
    if (this.#shown.has(key)) {
      this.#forget(key);
      editor.setDecorations(this.#boundary, []);
      return { shown: false, count: 0 };
    }
    return { shown: true, count: (await this.show(editor)).length };
  }

  /** Shows the partitions of an editor's document, by a strategy or by the setting's. */
  async show(editor: vscode.TextEditor, strategy?: string): Promise<readonly ShownPartition[]> {
    this.#shown.set(editor.document.uri.toString(), { strategy, partitions: [] });
    return this.#draw(editor);
  }

  /** What is shown of an editor's document; shows it first where nothing is. */
  async shown(editor: vscode.TextEditor): Promise<readonly ShownPartition[]> {
    return this.#shown.get(editor.document.uri.toString())?.partitions ?? this.show(editor);
  }

  /** Changes the shown boundaries; the server keeps them with the file's content. @returns undefined when the edit fits no boundary. */
  async edit(
    editor: vscode.TextEditor,
    edit: PartitionEditParams['edit'],
  ): Promise<readonly ShownPartition[] | undefined> {
    const uri = editor.document.uri.toString();
    const strategy = this.#shown.get(uri)?.strategy;
    const params: PartitionEditParams = { uri, ...(strategy === undefined ? {} : { strategy }), edit };
    const result = await this.#session.request<PartitionsResult | null>(partitionEditMethod, params);
    // From here on the boundaries are the user's own, so the strategy is not asked again.
    return result === null ? undefined : this.show(editor);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#boundary.dispose();
  }

  async #draw(editor: vscode.TextEditor): Promise<readonly ShownPartition[]> {
    const { document } = editor;
    const version = document.version;
    const key = document.uri.toString();
    const strategy = this.#shown.get(key)?.strategy;
    const params: PartitionsParams = { uri: key, ...(strategy === undefined ? {} : { strategy }) };
    const result = await this.#session.request<PartitionsResult | null>(partitionsMethod, params);
    const partitions = result?.partitions ?? [];
    if (document.version !== version || !this.#shown.has(key)) return [];
    this.#shown.set(key, { strategy, partitions });
    this.#foldsChanged.fire();
    editor.setDecorations(this.#boundary, partitions.map(decorationOf));
    return partitions;
  }

  #later(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    if (!this.#shown.has(key)) return;
    clearTimeout(this.#timers.get(key));
    const redraw = (): void => {
      this.#timers.delete(key);
      const editor = vscode.window.visibleTextEditors.find((each) => each.document === document);
      // A server that is down shows in the status item; the boundaries simply stay as they were.
      if (editor !== undefined) this.#draw(editor).catch(() => undefined);
    };
    this.#timers.set(key, setTimeout(redraw, quietMs));
  }

  #forget(key: string): void {
    if (this.#shown.delete(key)) this.#foldsChanged.fire();
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }
}

function foldOf({ startLine, endLine }: ShownPartition): vscode.FoldingRange[] {
  return endLine - 1 > startLine
    ? [new vscode.FoldingRange(startLine, endLine - 1, vscode.FoldingRangeKind.Region)]
    : [];
}

function decorationOf({ startLine, endLine, title, tokens, reason }: ShownPartition): vscode.DecorationOptions {
  const hover = new vscode.MarkdownString();
  hover.appendText(`${title}\nlines ${startLine + 1}–${endLine}, about ${tokens} tokens${reason ? `\n${reason}` : ''}`);
  return {
    range: new vscode.Range(startLine, 0, startLine, 0),
    hoverMessage: hover,
    renderOptions: {
      after: {
        contentText: `  ◂ ${title.length > maxTitle ? `${title.slice(0, maxTitle - 1)}…` : title}`,
        color: new vscode.ThemeColor('editorCodeLens.foreground'),
        fontStyle: 'italic',
      },
    },
  };
}
