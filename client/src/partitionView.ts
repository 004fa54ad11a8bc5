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

const nothing: PartitionsResult = { strategy: '', edited: false, editedStrategies: [], partitions: [] };

/** Show Partitions: a line above each partition with its title behind the first line, and a fold, until the command is run again. */
export class PartitionView implements vscode.Disposable {
  readonly #session: Session;
  readonly #boundary: vscode.TextEditorDecorationType;
  readonly #foldsChanged = new vscode.EventEmitter<void>();
  readonly #shown = new Map<string, PartitionsResult>();
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
    return { shown: true, count: (await this.show(editor)).partitions.length };
  }

  /**
   * The folds of others that can stand beside the shown partitions. The editor keeps one fold a line, and none that crosses another, so that a
   * fold of the outline which begins with a partition, or reaches out of it, would take that partition's away.
   */
  foldsBeside({ uri }: vscode.TextDocument, folds: readonly vscode.FoldingRange[]): vscode.FoldingRange[] {
    const partitions = (this.#shown.get(uri.toString())?.partitions ?? []).filter((each) => foldOf(each).length > 0);
    return folds.filter(
      ({ start, end }) =>
        !partitions.some(
          ({ startLine, endLine }) =>
            start === startLine || (startLine < start && start < endLine && endLine - 1 < end),
        ),
    );
  }

  /** Shows the partitions of an editor's document as they are kept for it, or by the setting's strategy. */
  async show(editor: vscode.TextEditor): Promise<PartitionsResult> {
    this.#shown.set(editor.document.uri.toString(), nothing);
    return this.#draw(editor);
  }

  /** What is shown of an editor's document; shows it first where nothing is. */
  async shown(editor: vscode.TextEditor): Promise<PartitionsResult> {
    return this.#shown.get(editor.document.uri.toString()) ?? this.show(editor);
  }

  /**
   * Changes how an editor's document is divided, by another strategy or other boundaries, and shows it; the server keeps it with the file's
   * content. @returns undefined when the edit fits no boundary.
   */
  async edit(
    editor: vscode.TextEditor,
    edit: PartitionEditParams['edit'],
    strategy: string | undefined = this.#shown.get(editor.document.uri.toString())?.strategy,
  ): Promise<PartitionsResult | undefined> {
    const uri = editor.document.uri.toString();
    const { version } = editor.document;
    const params: PartitionEditParams = { uri, ...(strategy === undefined ? {} : { strategy }), edit };
    const result = await this.#session.request<PartitionsResult | null>(partitionEditMethod, params);
    if (result === null) return undefined;
    if (editor.document.version !== version) return this.show(editor);
    this.#paint(editor, result);
    return result;
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#boundary.dispose();
  }

  async #draw(editor: vscode.TextEditor): Promise<PartitionsResult> {
    const { document } = editor;
    const { version } = document;
    const key = document.uri.toString();
    const params: PartitionsParams = { uri: key };
    const result = await this.#session.query<PartitionsResult | null>(partitionsMethod, params);
    if (result === null || document.version !== version || !this.#shown.has(key)) return nothing;
    this.#paint(editor, result);
    return result;
  }

  #paint(editor: vscode.TextEditor, result: PartitionsResult): void {
    const key = editor.document.uri.toString();
    const { note } = result;
    // Once for each reason: a redraw after every pause in typing must not repeat it.
    if (note !== undefined && note !== this.#shown.get(key)?.note)
      void vscode.window.showInformationMessage(`The file is divided by its structure: ${note}`);
    this.#shown.set(key, result);
    this.#foldsChanged.fire();
    editor.setDecorations(this.#boundary, result.partitions.map(decorationOf));
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
