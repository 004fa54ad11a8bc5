import * as vscode from 'vscode';
import { type TreeNode, type TreeParams, type TreeResult, treeMethod } from '../../../server/src/protocolViews.ts';
import type { Session } from '../session.ts';
import { symbolIcon } from './symbolIcon.ts';

/** As in the manifest. */
export const treeViewId = 'codegloss.summaries';

/** An entry of the view. The same file or symbol is the same entry for as long as its parent is not read again. */
export interface TreeEntry {
  readonly folder: vscode.WorkspaceFolder;
  /** Undefined for the workspace folder itself. */
  readonly node: TreeNode | undefined;
  readonly parent: TreeEntry | undefined;
  /** Symbols within a symbol, which come with their file. */
  readonly inside: readonly TreeEntry[];
}

/** Folders, files and symbols with one line each: what the index and the server know, read one level at a time. */
export class SummaryTree implements vscode.TreeDataProvider<TreeEntry>, vscode.Disposable {
  readonly #session: Session;
  readonly #changed = new vscode.EventEmitter<TreeEntry | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #levels = new Map<string, Promise<readonly TreeEntry[]>>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Reads again what is shown. */
  refresh(): void {
    this.#levels = new Map();
    this.#changed.fire(undefined);
  }

  async getChildren(entry?: TreeEntry): Promise<TreeEntry[]> {
    if (entry === undefined) {
      const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
      const tops = folders.map((folder): TreeEntry => ({ folder, node: undefined, parent: undefined, inside: [] }));
      const [only] = tops;
      return tops.length === 1 && only !== undefined ? this.getChildren(only) : tops;
    }
    if (entry.node?.kind === 'symbol') return [...entry.inside];
    return [...(await this.#level(entry))];
  }

  getParent(entry: TreeEntry): TreeEntry | undefined {
    const { parent } = entry;
    const isOnlyFolder = parent?.node === undefined && (vscode.workspace.workspaceFolders ?? []).length === 1;
    return isOnlyFolder ? undefined : parent;
  }

  getTreeItem(entry: TreeEntry): vscode.TreeItem {
    const { node, folder } = entry;
    if (node === undefined) {
      const item = new vscode.TreeItem(folder.name, vscode.TreeItemCollapsibleState.Expanded);
      item.iconPath = vscode.ThemeIcon.Folder;
      return item;
    }
    const opens = node.kind !== 'symbol' || entry.inside.length > 0;
    const state = opens ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
    const uri = fileOf(entry);
    const item = new vscode.TreeItem(node.name, state);
    item.id = `${folder.uri.toString()} ${node.path} ${node.index ?? ''}`;
    item.contextValue = node.kind;
    const isOutdated = node.freshness === 'stale';
    const outdated = vscode.l10n.t('outdated');
    item.description = isOutdated ? `${outdated} · ${node.line}` : node.line;
    item.tooltip = [node.name, ...(isOutdated ? [outdated] : []), ...(node.line === '' ? [] : [node.line])].join('\n');
    item.accessibilityInformation = {
      label: [node.name, isOutdated ? outdated : '', node.line].filter(Boolean).join(', '),
    };
    if (node.kind === 'symbol') item.iconPath = symbolIcon(node.symbolKind ?? '');
    else item.resourceUri = uri;
    if (node.kind === 'folder') item.iconPath = vscode.ThemeIcon.Folder;
    if (node.kind === 'file') item.iconPath = vscode.ThemeIcon.File;
    if (node.kind !== 'folder') item.command = openCommand(uri, node);
    return item;
  }

  /** The entry of a place in a file: the innermost symbol around a line, else the file. Undefined for what the tree does not hold. */
  async find(uri: vscode.Uri, line: number | undefined): Promise<TreeEntry | undefined> {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (folder === undefined) return undefined;
    const wanted = uri.path.slice(folder.uri.path.length).replace(/^\//, '');
    let entry: TreeEntry = { folder, node: undefined, parent: undefined, inside: [] };
    for (let found: TreeEntry | undefined = entry; found !== undefined && entry.node?.path !== wanted; ) {
      found = (await this.#level(entry)).find(
        ({ node }) => node?.path === wanted || wanted.startsWith(`${node?.path}/`),
      );
      if (found === undefined) return undefined;
      entry = found;
    }
    if (line === undefined) return entry;
    let best = entry;
    let inside: readonly TreeEntry[] = await this.#level(entry);
    for (let next = around(inside, line); next !== undefined; next = around(inside, line)) {
      best = next;
      inside = next.inside;
    }
    return best;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #level(entry: TreeEntry): Promise<readonly TreeEntry[]> {
    const { folder, node } = entry;
    const key = `${folder.uri.toString()} ${node?.path ?? ''}`;
    const known = this.#levels.get(key);
    if (known !== undefined) return known;
    const levels = this.#levels;
    const read = this.#read(entry).catch((error: unknown) => {
      levels.delete(key);
      throw error;
    });
    levels.set(key, read);
    return read;
  }

  async #read(entry: TreeEntry): Promise<readonly TreeEntry[]> {
    const { folder, node } = entry;
    const params: TreeParams = {
      folder: folder.uri.toString(),
      path: node?.path ?? '',
      isFile: node?.kind === 'file',
    };
    const { nodes } = await this.#session.query<TreeResult>(treeMethod, params);
    return params.isFile
      ? nested(entry, nodes)
      : nodes.map((each) => ({ folder, node: each, parent: entry, inside: [] }));
  }
}

/** Symbols of a file as a tree: the server sends them in source order with the index of the symbol around each. */
function nested(file: TreeEntry, nodes: readonly TreeNode[]): readonly TreeEntry[] {
  const made = new Map<number, TreeEntry & { readonly inside: TreeEntry[] }>();
  const roots: TreeEntry[] = [];
  for (const node of nodes) {
    const owner = node.parent === undefined ? undefined : made.get(node.parent);
    const entry = { folder: file.folder, node, parent: owner ?? file, inside: [] };
    made.set(node.index ?? -1, entry);
    (owner?.inside ?? roots).push(entry);
  }
  return roots;
}

function around(entries: readonly TreeEntry[], line: number): TreeEntry | undefined {
  return entries.find(({ node }) => (node?.range?.start.line ?? Infinity) <= line && line <= (node?.endLine ?? -1));
}

export function fileOf({ folder, node }: TreeEntry): vscode.Uri {
  return vscode.Uri.joinPath(folder.uri, node?.path ?? '');
}

function openCommand(uri: vscode.Uri, { range }: TreeNode): vscode.Command {
  const options: vscode.TextDocumentShowOptions = {
    preview: true,
    preserveFocus: true,
    ...(range === undefined
      ? {}
      : {
          selection: new vscode.Range(range.start.line, range.start.character, range.start.line, range.start.character),
        }),
  };
  return { title: vscode.l10n.t('Show in Editor'), command: 'vscode.open', arguments: [uri, options] };
}
