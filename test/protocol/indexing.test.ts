import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { SymbolInformation } from 'vscode-languageserver-protocol';
import { type LanguageClient, startClient } from './languageClient.ts';

const created = 1;
const deleted = 3;
let client: LanguageClient | undefined;
afterEach(async () => {
  await client?.stop();
  client = undefined;
});

async function watchingClient(): Promise<LanguageClient> {
  return startClient({
    capabilities: {
      workspace: { configuration: true, workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
    },
  });
}

function places(of: LanguageClient, query: string): Promise<readonly string[]> {
  return of
    .request<SymbolInformation[]>('workspace/symbol', { query })
    .then((found) => found.map(({ location }) => location.uri.slice(pathToFileURL(of.folder).href.length + 1)));
}

function told(of: LanguageClient, changes: readonly (readonly [name: string, type: number])[]): Promise<void> {
  const events = changes.map(([name, type]) => ({ uri: pathToFileURL(path.join(of.folder, name)).href, type }));
  return of.notify('workspace/didChangeWatchedFiles', { changes: events });
}

describe('the index behind the server', () => {
  it('follows files that come, move and go on disk, folders as one path, and ignore files', async () => {
    const it = await watchingClient();
    client = it;
    await it.until('the server asks to be told of files', () =>
      it.received.find(
        ({ method, params }) =>
          method === 'client/registerCapability' && JSON.stringify(params).includes('workspace/didChangeWatchedFiles'),
      ),
    );
    writeFileSync(path.join(it.folder, 'STOCK.m'), 'STOCK ;stock\n Q\nPRICE(ID) ;price\n Q 1\n');
    await it.until('the first index', async () => ((await places(it, 'PRICE')).length > 0 ? true : undefined));

    mkdirSync(path.join(it.folder, 'deep'));
    writeFileSync(path.join(it.folder, 'deep/ORDER.m'), 'ORDER ;orders\n Q\nPLACED(ID) ;placed\n Q 1\n');
    await told(it, [
      ['deep', created],
      ['deep/ORDER.m', created],
    ]);
    await it.until('the new file', async () => ((await places(it, 'PLACED'))[0] === 'deep/ORDER.m' ? true : undefined));

    renameSync(path.join(it.folder, 'deep'), path.join(it.folder, 'other'));
    await told(it, [
      ['deep', deleted],
      ['other', created],
    ]);
    await it.until('the renamed folder', async () =>
      (await places(it, 'PLACED')).join() === 'other/ORDER.m' ? true : undefined,
    );

    writeFileSync(path.join(it.folder, '.gitignore'), 'other/\n');
    await told(it, [['.gitignore', created]]);
    await it.until('the ignored folder', async () => ((await places(it, 'PLACED')).length === 0 ? true : undefined));

    rmSync(path.join(it.folder, 'STOCK.m'));
    await told(it, [['STOCK.m', deleted]]);
    await it.until('the deleted file', async () => ((await places(it, 'PRICE')).length === 0 ? true : undefined));
    expect(it.received.filter(({ method }) => method === 'window/showMessage')).toEqual([]);
  });
});
