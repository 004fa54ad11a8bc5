import {
  type Connection,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type FileEvent,
} from 'vscode-languageserver';
import { ignoreFileNames } from '../repository/ignoreRules.ts';
import { knownEndings } from '../syntax/detect.ts';

/** What happened below the open folders, without what no part of us reads. */
export interface WatchedChanges {
  /** URIs of files and folders that are new, changed or gone. */
  readonly uris: readonly string[];
  /** An ignore file is among them: which files are ours may have changed. */
  readonly ignoreRules: boolean;
}

const ignoreFiles: ReadonlySet<string> = new Set(ignoreFileNames);
const endings = knownEndings();
const neverRead = /\/(?:\.git|\.hg|\.svn|node_modules)(?:\/|$)/;

/** Asks the editor to tell of all files: a folder that is moved or deleted is told of as one path, which no pattern of endings meets. */
export async function watchFiles(connection: Connection): Promise<void> {
  await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*' }] });
}

/** Builds write thousands of files that nobody indexes: they are left out here, by their names alone. */
export function relevantChanges(events: readonly FileEvent[]): WatchedChanges {
  const uris: string[] = [];
  let ignoreRules = false;
  for (const { uri, type } of events) {
    if (neverRead.test(uri)) continue;
    const name = uri.slice(uri.lastIndexOf('/') + 1);
    const dot = name.lastIndexOf('.');
    if (ignoreFiles.has(name)) ignoreRules = true;
    const mayBeFolder = dot <= 0 || type === FileChangeType.Deleted;
    if (mayBeFolder || endings.has(name.slice(dot).toLowerCase())) uris.push(uri);
  }
  return { uris: [...new Set(uris)], ignoreRules };
}
