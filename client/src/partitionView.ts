import * as vscode from 'vscode';
import { type PartitionsParams, type PartitionsResult, partitionsMethod } from '../../server/src/protocol.ts';
import type { Session } from './session.ts';

/** Time without edits after which shown boundaries are computed again. */
const quietMs = 400;
const maxTitle = 100;

/** Show Partitions: a line above each partition with its title behind the first line, until the command is run again. */
export class PartitionView implements vscode.Disposable {
  readonly #session: Session;
  readonly #boundary: vscode.TextEditorDecorationType;
  readonly #shown = new Set<string>();
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
    this.#shown.add(key);
    return { shown: true, count: await this.#draw(editor) };
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#boundary.dispose();
  }

  async #draw(editor: vscode.TextEditor): Promise<number> {
    const { document } = editor;
    const version = document.version;
    const params: PartitionsParams = { uri: document.uri.toString() };
    const result = await this.#session.request<PartitionsResult | null>(partitionsMethod, params);
    const partitions = result?.partitions ?? [];
    if (document.version !== version || !this.#shown.has(document.uri.toString())) return 0;
    editor.setDecorations(this.#boundary, partitions.map(decorationOf));
    return partitions.length;
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
    this.#shown.delete(key);
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }
}

function decorationOf({
  startLine,
  endLine,
  title,
  tokens,
  reason,
}: PartitionsResult['partitions'][number]): vscode.DecorationOptions {
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
