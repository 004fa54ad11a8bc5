import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StatusParams } from '../../server/src/protocol.ts';
import { startClient } from './languageClient.ts';
import { cart, onTotal, ours, summarize, withClient, withModel } from './models.ts';

describe('summaries survive', () => {
  it('a server that is killed and started again', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
    const first = await startClient({ home });
    const uri = await first.open('cart.ts', 'typescript', cart);
    const made = await first.request('codegloss/summarize', { uri, line: 0 });
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');
    await withClient({ home, initializationOptions: ours }, async (second) => {
      const again = await second.open('cart.ts', 'typescript', cart);
      expect(await second.request(summarize, { uri: again, line: 0 })).toEqual(made);
    });
    await first.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('a database that is no database: it is rebuilt, and said', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
    writeFileSync(path.join(home, 'summaries.db'), 'this is no database '.repeat(500));
    await withClient({ home, initializationOptions: ours }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({ ok: true });
      await client.until('the notice', () =>
        client.received.find(({ method }) => method.startsWith('window/showMessage')),
      );
    });
    rmSync(home, { recursive: true, force: true });
  });

  it('a home that cannot be written: they are kept for the session, and that is said', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
    const file = path.join(folder, 'file');
    writeFileSync(file, 'no folder can stand below a file');
    await withClient({ home: path.join(file, 'home'), initializationOptions: ours }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({ ok: true });
      expect(await client.hover(uri, onTotal)).toContain('total');
      await client.until('the notice', () =>
        client.received.find(({ method }) => method.startsWith('window/showMessage')),
      );
    });
    rmSync(folder, { recursive: true, force: true });
  });
});

const overloaded = { kind: 'status', status: 529, retryAfterSeconds: 0 } as const;

describe('a full disk', () => {
  it('is said, and summaries are kept for the session', async (context) => {
    const home = mkdtempSync(path.join(tmpdir(), 'codegloss-full-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=700', 'tmpfs', home]);
    try {
      if (mounted.status !== 0) context.skip(`no small disk can be mounted here: ${mounted.stderr}`.trim());
      await withClient({ home, initializationOptions: ours }, async (client) => {
        const uri = await client.open('cart.ts', 'typescript', cart);
        expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({ ok: true });
        fillUp(home);
        const files = Array.from(
          { length: 40 },
          (_, n) => [`cart${n}.ts`, cart.replaceAll('total', `total${n}`)] as const,
        );
        for (const [name, text] of files) {
          const other = await client.open(name, 'typescript', text);
          expect(await client.request(summarize, { uri: other, line: 0 })).toMatchObject({ ok: true });
          expect(await client.hover(other, onTotal)).toContain('total');
        }
        const said = await client.until('the notice', () =>
          client.received.find(({ method }) => method.startsWith('window/showMessage')),
        );
        expect(JSON.stringify(said.params)).toMatch(/kept for this session only.*(?:full|space)/);
        expect(await client.hover(uri, onTotal)).toContain('total');
      });
    } finally {
      if (mounted.status === 0) spawnSync('umount', ['-l', home]);
      rmSync(home, { recursive: true, force: true });
    }
  });
});

/** Writes until nothing more fits. */
function fillUp(folder: string): void {
  for (let size = 65_536; size >= 1; size = Math.floor(size / 2)) {
    try {
      for (let n = 0; n < 10_000; n += 1) appendFileSync(path.join(folder, 'filler'), Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

describe('a provider that fails', () => {
  it.each([
    ['401', { kind: 'status', status: 401 }, /refused the API key/],
    ['429', { kind: 'status', status: 429, retryAfterSeconds: 3600 }, /limits requests/],
    ['broken JSON', { kind: 'brokenJson' }, /no usable answer/],
  ] as const)('%s gives one line', (_, behaviour, line) =>
    withModel({ openai: behaviour }, {}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({
        ok: false,
        message: expect.stringMatching(line),
      });
    }),
  );

  it('529 is asked again, and said when it stays', () =>
    withModel({ openai: [overloaded, overloaded, { kind: 'answer' }] }, {}, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({ ok: true });
      expect(server.requests).toHaveLength(3);
    }).then(() =>
      withModel({ openai: overloaded }, {}, async (client, server) => {
        const uri = await client.open('cart.ts', 'typescript', cart);
        expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({
          ok: false,
          message: expect.stringMatching(/is overloaded at the moment/),
        });
        expect(server.requests).toHaveLength(6);
        expect(await client.hover(uri, onTotal)).toContain('is overloaded at the moment');
      }),
    ));

  it('lies in its claims: what the source bears out is told, the rest is dropped and counted', () => {
    const document = {
      line: 'Adds up the `prices`.',
      paragraph: 'It goes through `prices`. It then calls `noSuchIdentifierAnywhere`.',
      claims: [
        { text: 'Starts from zero.', startLine: 2, endLine: 2 },
        { text: 'Calls `noSuchIdentifierAnywhere`.', startLine: 3, endLine: 3 },
        { text: 'Ends far away.', startLine: 8_999, endLine: 9_001 },
      ],
    };
    return withModel({ openai: { kind: 'answer', document } }, {}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({ ok: true });
      const hover = await client.hover(uri, onTotal);
      expect(hover).toContain('**Adds up the `prices`.**');
      expect(hover).toContain('It goes through `prices`.');
      expect(hover).toMatch(/Starts from zero\. \[line 2\]\(.*#L2\)/);
      expect(hover).toContain('2 statements left out');
      expect(hover).not.toMatch(/noSuchIdentifierAnywhere|far away|#L8999/);
    });
  });

  it('lies in its first line: it is told so once, and then there is no summary', () =>
    withModel({ openai: { kind: 'lie' } }, {}, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({
        ok: false,
        message: expect.stringContaining('noSuchIdentifierAnywhere'),
      });
      expect(server.requests).toHaveLength(2);
      expect(server.requests[1]?.prompt).toContain('names "noSuchIdentifierAnywhere"');
    }));

  it('is told once by notification and answer together, with what mends it', () =>
    withModel({ key: 'another' }, {}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({
        ok: false,
        message: expect.stringContaining('refused the API key'),
        command: { command: 'codegloss.setApiKey' },
      });
      await client.until('the status', () =>
        client.received.find(
          ({ method, params }) => method === 'codegloss/status' && (params as StatusParams).state === 'blocked',
        ),
      );
      expect(client.received.filter(({ method }) => method.startsWith('window/showMessage'))).toEqual([]);
    }));
});

describe('documents that are not ours', () => {
  it('unknown languages and closed documents answer nothing', () =>
    withClient({}, async (client) => {
      const unknown = await client.open('notes.xyz', 'plaintext', 'words\n');
      expect(await client.hover(unknown, onTotal)).toBeNull();
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.notify('textDocument/didClose', { textDocument: { uri } });
      expect(await client.hover(uri, onTotal)).toBeNull();
    }));

  it('a minified line of a megabyte still answers', () =>
    withClient({}, async (client) => {
      const uri = await client.open('min.js', 'javascript', 'function f(){return 1};'.repeat(45_000));
      expect(await client.request('textDocument/codeLens', { textDocument: { uri } })).toEqual([]);
    }));

  it('50 MB have no outline, and the next document is read as always', () =>
    withClient({}, async (client) => {
      const uri = await client.open('huge.ts', 'typescript', 'export const x = [1, 2, 3];\n'.repeat(1_800_000));
      const small = await client.open('cart.ts', 'typescript', cart);
      expect(await client.request('textDocument/codeLens', { textDocument: { uri } })).toEqual([]);
      expect(await client.hover(small, onTotal)).toContain('total');
    }));

  it('bytes that are no text are never sent', () =>
    withModel({}, {}, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart.replace('sum = 0', 'sum = "\0\0"'));
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({
        ok: false,
        message: expect.stringContaining('cart.ts is not text'),
      });
      expect(server.requests).toHaveLength(0);
    }));

  it('a folder full of what cannot be read does no harm', () =>
    withModel({}, {}, async (client) => {
      const at = (name: string) => path.join(client.folder, name);
      writeFileSync(at('latin1.ts'), Buffer.from('export const name = "caf\xe9 \xff\xfe";\n', 'latin1'));
      writeFileSync(at('binary.ts'), Buffer.from([0, 159, 146, 150, 0, 1, 2, 3]));
      symlinkSync(at('nowhere.ts'), at('dangling.ts'));
      symlinkSync('.', at('loop'));
      mkdirSync(at('closed'), { mode: 0 });
      writeFileSync(at('secret.ts'), 'export const x = 1;\n', { mode: 0 });
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({ ok: true });
      const broken = await client.open(
        'latin1.ts',
        'typescript',
        'export function f() {\n  return "\ufffd\ufffd";\n}\n',
      );
      expect(await client.request(summarize, { uri: broken, line: 0 })).toMatchObject({ ok: true });
    }));

  it('an ignore file that cannot be read keeps everything here', () =>
    withModel({}, {}, async (client, server) => {
      mkdirSync(path.join(client.folder, '.codeglossignore'));
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({
        ok: false,
        message: expect.stringContaining('kept from models by an ignore file'),
      });
      expect(server.requests).toHaveLength(0);
    }));
});
