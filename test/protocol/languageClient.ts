import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { CancellationToken, InitializeParams, InitializeResult, Position } from 'vscode-languageserver-protocol';
import type { InitializationOptions } from '../../server/src/protocol.ts';

export const bundledCli = path.resolve(import.meta.dirname, '../../dist/codegloss.mjs');

export interface ClientOptions {
  /** Value of `codegloss` in the client's settings. */
  readonly settings?: Record<string, unknown>;
  /** Settings of single documents, over `settings`. */
  readonly settingsFor?: (uri: string) => Record<string, unknown>;
  /** Folders inside the workspace's that are opened instead of it. */
  readonly folders?: readonly string[];
  readonly initializationOptions?: InitializationOptions;
  readonly capabilities?: InitializeParams['capabilities'];
  readonly env?: Record<string, string>;
  /** The user folder; a fresh one when absent. */
  readonly home?: string;
  /** Answers to what the server asks, by method. */
  readonly answers?: Record<string, (params: never) => unknown>;
}

/** A minimal LSP client that speaks to the bundled server over stdio, as another editor would. */
export interface LanguageClient {
  readonly initialized: InitializeResult;
  readonly folder: string;
  readonly home: string;
  readonly process: ChildProcess;
  /** Notifications and requests from the server, oldest first. */
  readonly received: { readonly method: string; readonly params: unknown }[];
  settings: Record<string, unknown>;
  /** The token makes the client send `$/cancelRequest`. */
  request<T>(method: string, params: unknown, token?: CancellationToken): Promise<T>;
  notify(method: string, params: unknown): Promise<void>;
  /** Opens a document; returns its URI. */
  open(name: string, languageId: string, text: string, version?: number): Promise<string>;
  hover(uri: string, position: Position): Promise<string | null>;
  /** Waits until the condition gives something; fails with what it saw after ten seconds. */
  until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T>;
  stop(): Promise<void>;
}

const fullCapabilities: InitializeParams['capabilities'] = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    codeLens: { refreshSupport: true },
    applyEdit: true,
    workspaceEdit: { documentChanges: true },
  },
  window: { workDoneProgress: true },
  textDocument: {
    hover: { contentFormat: ['markdown'] },
    synchronization: { willSave: true, willSaveWaitUntil: true, didSave: true },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['source', 'refactor'] } },
      resolveSupport: { properties: ['edit'] },
      dataSupport: true,
      tagSupport: { valueSet: [1] },
    },
  },
};

export async function startClient(options: ClientOptions = {}): Promise<LanguageClient> {
  const folder = mkdtempSync(path.join(tmpdir(), 'codegloss-workspace-'));
  const home = options.home ?? mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  const child = spawn(process.execPath, [bundledCli, 'lsp', '--stdio'], {
    env: { PATH: process.env['PATH'] ?? '', CODEGLOSS_HOME: home, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.on('data', (data: Buffer) => errors.push(data.toString()));
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const client = clientOver(connection, child, {
    folder,
    home,
    ownsHome: options.home === undefined,
    // Tests of the server's manners want answers at once; the embedded model has tests of its own.
    settings: options.settings ?? { provider: 'outline' },
    settingsFor: options.settingsFor ?? (() => ({})),
    answers: options.answers ?? {},
    errors,
  });
  connection.listen();
  const uri = pathToFileURL(folder).href;
  const initialized = await connection.sendRequest<InitializeResult>('initialize', {
    processId: process.pid,
    rootUri: uri,
    capabilities: options.capabilities ?? fullCapabilities,
    workspaceFolders: (options.folders ?? ['']).map((name) => ({
      uri: pathToFileURL(path.join(folder, name)).href,
      name: name === '' ? 'workspace' : name,
    })),
    initializationOptions: options.initializationOptions,
  });
  await connection.sendNotification('initialized', {});
  return Object.assign(client, { initialized });
}

interface Session {
  readonly folder: string;
  readonly home: string;
  readonly ownsHome: boolean;
  readonly answers: Record<string, (params: never) => unknown>;
  readonly errors: readonly string[];
  readonly settingsFor: (uri: string) => Record<string, unknown>;
  settings: Record<string, unknown>;
}

function clientOver(
  connection: MessageConnection,
  child: ChildProcess,
  session: Session,
): Omit<LanguageClient, 'initialized'> {
  const received: { method: string; params: unknown }[] = [];
  const client: Omit<LanguageClient, 'initialized'> = {
    folder: session.folder,
    home: session.home,
    process: child,
    received,
    settings: session.settings,
    request: (method, params, token) =>
      token === undefined ? connection.sendRequest(method, params) : connection.sendRequest(method, params, token),
    notify: (method, params) => connection.sendNotification(method, params),
    async open(name, languageId, text, version = 1) {
      const uri = pathToFileURL(path.join(session.folder, name)).href;
      await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
      return uri;
    },
    async hover(uri, position) {
      const hover = await connection.sendRequest<{ contents: { value: string } } | null>('textDocument/hover', {
        textDocument: { uri },
        position,
      });
      return hover?.contents.value ?? null;
    },
    async until(what, look) {
      const end = Date.now() + 10_000;
      for (;;) {
        const seen = await look();
        if (seen !== undefined) return seen;
        if (Date.now() > end)
          throw new Error(`waited in vain: ${what}\n${session.errors.join('')}\n${JSON.stringify(received.slice(-5))}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        await connection.sendRequest('shutdown').catch(() => undefined);
        await connection.sendNotification('exit').catch(() => undefined);
        await ended;
      }
      connection.dispose();
      rmSync(session.folder, { recursive: true, force: true });
      if (session.ownsHome) rmSync(session.home, { recursive: true, force: true });
    },
  };
  connection.onRequest((method, params) => {
    received.push({ method, params });
    if (method === 'workspace/configuration')
      return (params as unknown as { items: { scopeUri?: string }[] }).items.map(({ scopeUri }) => ({
        ...client.settings,
        ...(scopeUri === undefined ? {} : session.settingsFor(scopeUri)),
      }));
    const answer = session.answers[method];
    return answer === undefined ? null : answer(params as never);
  });
  connection.onNotification((method, params) => void received.push({ method, params }));
  connection.onUnhandledProgress((params) => void received.push({ method: '$/progress', params }));
  return client;
}
