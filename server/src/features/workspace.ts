import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connection, WorkspaceFolder } from 'vscode-languageserver';
import { IgnoreRules } from '../repository/ignoreRules.ts';
import { relevantChanges, type WatchedChanges } from './fileWatch.ts';

/** Where a document stands: its folder's URI and the path below it. */
export interface Place {
  readonly repository: string;
  /** Relative to the folder, `/` between parts; absolute outside all folders. */
  readonly path: string;
  /** Absolute path on disk. */
  readonly file: string;
}

/** A folder that the editor has open. */
export interface WorkspaceRoot {
  readonly uri: string;
  /** Absolute path on disk. */
  readonly root: string;
}

interface Folder extends WorkspaceRoot {
  /** With the patterns of the setting that they include. */
  rules: { readonly patterns: string; readonly rules: IgnoreRules } | undefined;
}

/** The folders that the editor has open, whether the user trusts them, and what their ignore files forbid. */
export class Workspace {
  trusted: boolean;
  #folders: Folder[];

  constructor(folders: readonly WorkspaceFolder[], trusted: boolean) {
    this.trusted = trusted;
    this.#folders = folders.flatMap(toFolder);
  }

  /** To be called once the client has said `initialized`, since listening for folders registers with it. */
  follow(connection: Connection, supported: boolean, onChanges: (changes: WatchedChanges) => void): void {
    connection.onDidChangeWatchedFiles(({ changes }) => {
      const relevant = relevantChanges(changes);
      if (relevant.ignoreRules) this.reload();
      onChanges(relevant);
    });
    if (!supported) return;
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map(({ uri }) => uri));
      this.#folders = [...this.#folders.filter(({ uri }) => !gone.has(uri)), ...added.flatMap(toFolder)];
    });
  }

  /** A file in an open folder, by the folder's URI; undefined for any other. */
  fileIn(repository: string, name: string): string | undefined {
    const folder = this.#folders.find(({ uri }) => uri === repository);
    return folder === undefined ? undefined : path.join(folder.root, name);
  }

  roots(): readonly WorkspaceRoot[] {
    return this.#folders.map(({ uri, root }) => ({ uri, root }));
  }

  /** Undefined for documents that are no files (diff views, git revisions, settings): nothing is shown in them. */
  locate(uri: string): Place | undefined {
    const file = fileOf(uri);
    if (file === undefined)
      return uri.startsWith('untitled:')
        ? { repository: '', path: uri.slice('untitled:'.length), file: uri }
        : undefined;
    const folder = this.#folderOf(file);
    const relative = folder === undefined ? file : path.relative(folder.root, file);
    return { repository: folder?.uri ?? '', path: relative.split(path.sep).join('/'), file };
  }

  repositoryOf(uri: string): string {
    return this.locate(uri)?.repository ?? '';
  }

  /**
   * Whether ignore files or the setting keep a path from models. Paths are as in `Place.path`, in the folder of the document `near`; where
   * that is not known, a path is ignored when any folder that could hold it ignores it. A file outside all folders is judged by the setting
   * alone.
   */
  isIgnored(file: string, extraPatterns: readonly string[], near?: string): boolean {
    if (file.startsWith('Untitled')) return false;
    if (path.isAbsolute(file)) {
      const folder = this.#folderOf(file);
      const rules =
        folder === undefined
          ? new IgnoreRules(path.dirname(file), extraPatterns)
          : this.#rulesOf(folder, extraPatterns);
      return rules.isIgnored(file);
    }
    const at = near === undefined ? undefined : fileOf(near);
    const folder = at === undefined ? undefined : this.#folderOf(at);
    const possible = folder === undefined ? this.#folders : [folder];
    return possible.length === 0 || possible.some((each) => this.#rulesOf(each, extraPatterns).isIgnored(file));
  }

  /** Reads ignore files anew. */
  reload(): void {
    for (const folder of this.#folders) folder.rules = undefined;
  }

  #folderOf(file: string): Folder | undefined {
    return this.#folders
      .filter(({ root }) => file === root || file.startsWith(root.endsWith(path.sep) ? root : root + path.sep))
      .sort((a, b) => b.root.length - a.root.length)[0];
  }

  #rulesOf(folder: Folder, extraPatterns: readonly string[]): IgnoreRules {
    const patterns = extraPatterns.join('\n');
    if (folder.rules?.patterns !== patterns)
      folder.rules = { patterns, rules: new IgnoreRules(folder.root, extraPatterns) };
    return folder.rules.rules;
  }
}

function toFolder({ uri }: WorkspaceFolder): Folder[] {
  const root = fileOf(uri);
  return root === undefined ? [] : [{ uri, root, rules: undefined }];
}

function fileOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}
