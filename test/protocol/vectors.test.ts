import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type TreeHit, treeSearchMethod } from '../../server/src/protocolViews.ts';
import type { LanguageClient } from './languageClient.ts';
import { ours, withClient } from './models.ts';

const pool = `def close_idle(pool, seconds):
    limit = pool.clock() - seconds
    for connection in list(pool.idle):
        if connection.last_used < limit:
            connection.close()
            pool.idle.remove(connection)


def to_hex(red, green, blue):
    return "#%02x%02x%02x" % (red, green, blue)
`;
/** No word of it stands in the file. */
const query = 'terminate unused sockets';
const patienceMs = 150_000;

/** The model has to be loaded, and it begins only when nobody has typed for some seconds: longer than `until` waits. */
async function patiently<T>(client: LanguageClient, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + patienceMs; ; ) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Error(`waited in vain: ${JSON.stringify(client.received.slice(-5))}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const found = async (client: LanguageClient): Promise<readonly string[]> => {
  const hits = await client.request<readonly TreeHit[]>(treeSearchMethod, { query, limit: 5 });
  return hits.map(({ name }) => name);
};
const said = (client: LanguageClient, pattern: RegExp) =>
  client.received.find(({ method, params }) => method === 'window/logMessage' && pattern.test(JSON.stringify(params)));

describe('search by meaning in the editor', { timeout: 2 * patienceMs }, () => {
  it('finds what no word names, once it has been quiet for a while; by words until then', () =>
    withClient({ settings: { provider: 'embedded' }, initializationOptions: ours }, async (client) => {
      writeFileSync(path.join(client.folder, 'pool.py'), pool);
      expect(await found(client)).toEqual([]);
      await patiently(client, () => said(client, /2 symbols of .* can be found by meaning now/));
      expect(await patiently(client, async () => (await found(client))[0])).toBe('close_idle');

      writeFileSync(path.join(client.folder, 'sockets.py'), pool.replaceAll('close_idle', 'shut'));
      const uri = pathToFileURL(path.join(client.folder, 'sockets.py')).href;
      await client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 1 }] });
      await patiently(client, async () => ((await found(client)).includes('shut') ? true : undefined));
    }));

  it('is not prepared where the user turned it off', () =>
    withClient(
      { settings: { provider: 'embedded', search: { byMeaning: false } }, initializationOptions: ours },
      async (client) => {
        writeFileSync(path.join(client.folder, 'pool.py'), pool);
        await patiently(client, async () => {
          const hits = await client.request<readonly TreeHit[]>(treeSearchMethod, { query: 'close idle', limit: 5 });
          return hits[0];
        });
        expect(await found(client)).toEqual([]);
        expect(said(client, /by meaning/)).toBeUndefined();
      },
    ));
});
