import * as vscode from 'vscode';
import { type TreeHit, type TreeSearchParams, treeSearchMethod } from '../../../server/src/protocolViews.ts';
import type { Session } from '../session.ts';
import { SummaryTree, type TreeEntry, treeViewId } from './summaryTree.ts';
import { symbolIcon } from './symbolIcon.ts';

/** The editor moves faster than a tree should. */
const settleMs = 250;
const maxHits = 50;

/** The Summaries view in the Explorer: it follows the editor while it can be seen, and is read again when summaries changed. */
export class SummariesView implements vscode.Disposable {
  readonly #session: Session;
  readonly tree: SummaryTree;
  readonly #view: vscode.TreeView<TreeEntry>;
  readonly #subscriptions: vscode.Disposable[];
  readonly #onFailure: (error: unknown) => void;
  #settling: NodeJS.Timeout | undefined;
  #wasBusy = false;

  constructor(session: Session, onFailure: (error: unknown) => void) {
    this.#session = session;
    this.#onFailure = onFailure;
    this.tree = new SummaryTree(session);
    this.#view = vscode.window.createTreeView(treeViewId, { treeDataProvider: this.tree, showCollapseAll: true });
    this.#subscriptions = [
      this.#view,
      this.tree,
      this.#view.onDidChangeVisibility(({ visible }) => visible && this.#settle()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#settle()),
      vscode.window.onDidChangeTextEditorSelection(({ kind }) => kind !== undefined && this.#settle()),
      vscode.workspace.onDidSaveTextDocument(() => this.#view.visible && this.tree.refresh()),
      session.onStatus(({ state }) => {
        if (this.#wasBusy && state !== 'working' && this.#view.visible) this.tree.refresh();
        this.#wasBusy = state === 'working';
      }),
    ];
  }

  /** Shows the place of the cursor in the view, and gives the view the focus. */
  async reveal(editor: vscode.TextEditor): Promise<boolean> {
    return this.#show(editor, true);
  }

  /** Asks for words, and shows the symbol that is picked, in the editor and in the view. */
  async search(): Promise<void> {
    const hit = await pickHit(this.#session);
    if (hit === undefined) return;
    const uri = vscode.Uri.joinPath(vscode.Uri.parse(hit.folder), hit.path);
    const at = new vscode.Position(hit.startLine, 0);
    const editor = await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
    await this.#show(editor, false);
  }

  dispose(): void {
    clearTimeout(this.#settling);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      const editor = vscode.window.activeTextEditor;
      if (editor !== undefined && this.#view.visible) this.#show(editor, false).catch(this.#onFailure);
    }, settleMs);
  }

  async #show(editor: vscode.TextEditor, focus: boolean): Promise<boolean> {
    const entry = await this.tree.find(editor.document.uri, editor.selection.active.line);
    if (entry?.node === undefined) return false;
    await this.#view.reveal(entry, { select: true, focus });
    return true;
  }
}

interface HitItem extends vscode.QuickPickItem {
  readonly hit: TreeHit;
}

/** A pick list that asks the index anew with each word. */
function pickHit(session: Session): Promise<TreeHit | undefined> {
  const pick = vscode.window.createQuickPick<HitItem>();
  pick.placeholder = vscode.l10n.t('Words of a name, a comment or the code');
  pick.title = `CodeGloss: ${vscode.l10n.t('Search Summaries')}`;
  let asked = 0;
  pick.onDidChangeValue((query) => {
    asked += 1;
    const mine = asked;
    pick.busy = true;
    const params: TreeSearchParams = { query, limit: maxHits };
    session.query<readonly TreeHit[]>(treeSearchMethod, params).then(
      (hits) => {
        if (mine !== asked) return;
        pick.busy = false;
        pick.items = hits.map(itemOf);
      },
      () => {
        pick.busy = false;
      },
    );
  });
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.hit);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

/** Labels render icons that a name could spell. */
function itemOf(hit: TreeHit): HitItem {
  const label = hit.name.replace(/\$\(/g, '$ (');
  const description = `${hit.path}:${hit.startLine + 1}`.replace(/\$\(/g, '$ (');
  return { label, description, iconPath: symbolIcon(hit.symbolKind), alwaysShow: true, hit };
}
