import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, State, TransportKind } from 'vscode-languageclient/node';
import {
  commands,
  type EnvironmentParams,
  environmentMethod,
  type HighlightParams,
  highlightMethod,
  type InitializationOptions,
  manageTrustCommand,
  type StatusParams,
  statusMethod,
} from '../../server/src/protocol.ts';
import { documentSelector, type Manifest, uncoloredLanguages } from './languages.ts';
import { navigatedLanguages } from './legacyNavigation.ts';

/** Answers a request of the server. */
export type Answer = (params: never, token: vscode.CancellationToken) => Promise<unknown>;

export interface SessionPorts {
  readonly log: vscode.LogOutputChannel;
  /** Path of the bundled server. */
  readonly serverModule: string;
  /** What the server may ask of us, by method. */
  readonly answers: ReadonlyMap<string, Answer>;
  readonly middleware: NonNullable<LanguageClientOptions['middleware']>;
}

/** Commands that a hover may link to; the text beside the links comes escaped from the server. */
const linkedCommands = [
  commands.summarizeSymbol,
  commands.showSummary,
  commands.correctSummary,
  commands.selectModel,
  commands.setApiKey,
  commands.showLog,
  manageTrustCommand,
];

/** How long the editor waits for the server at the end of a window. */
const stopMs = 2_000;

/** The language server's life: started by the first document or command that needs it, restarted by hand, stopped with the window. */
export class Session implements vscode.Disposable {
  readonly #ports: SessionPorts;
  readonly #statusChanged = new vscode.EventEmitter<StatusParams>();
  readonly #stateChanged = new vscode.EventEmitter<State>();
  #client: LanguageClient | undefined;
  #starting: Promise<LanguageClient> | undefined;
  #subscriptions: vscode.Disposable[] = [];
  #userActions = 0;
  readonly #ignoreFiles = vscode.workspace.createFileSystemWatcher(
    '**/{.gitignore,.codeglossignore,.aiignore,.cursorignore,.aiexclude}',
  );

  /** The server said how it is. */
  readonly onStatus = this.#statusChanged.event;
  /** The connection came up or went down. */
  readonly onState = this.#stateChanged.event;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  /** Whether a command of the user's waits for the server, so that asking for consent is in place. */
  get servesUser(): boolean {
    return this.#userActions > 0;
  }

  /** The running client, started if need be. */
  start(): Promise<LanguageClient> {
    this.#starting ??= this.#launch().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  /** Asks the server on behalf of a user's command. */
  async request<Result>(method: string, params: object | null, token?: vscode.CancellationToken): Promise<Result> {
    this.#userActions += 1;
    try {
      return await this.query(method, params, token);
    } finally {
      this.#userActions -= 1;
    }
  }

  /** Asks the server for what a view shows: nobody waits for it, so that nobody is asked for consent either. */
  async query<Result>(method: string, params: object | null, token?: vscode.CancellationToken): Promise<Result> {
    const client = await this.start();
    // Without a token the library must not see one more argument: it would send the parameters as a list.
    return token === undefined
      ? client.sendRequest<Result>(method, params)
      : client.sendRequest<Result>(method, params, token);
  }

  /** Tells a running server that trust or keys changed; one that is not running reads both when it starts. */
  /** Tells the server something while it runs. */
  async notify(method: string, params: object): Promise<void> {
    if (this.#client?.isRunning()) await this.#client.sendNotification(method, params);
  }

  async announce(params: EnvironmentParams): Promise<void> {
    if (this.#client?.isRunning()) await this.#client.sendNotification(environmentMethod, params);
  }

  /** Tells a running server which languages nobody else colours, when extensions came or went. */
  async announceUncolored(): Promise<void> {
    const params: HighlightParams = { languages: uncoloredByOthers() };
    if (this.#client?.isRunning()) await this.#client.sendNotification(highlightMethod, params);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#starting = undefined;
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
    if (client?.needsStop()) await client.dispose(stopMs);
  }

  dispose(): void {
    this.stop().catch((error: unknown) => this.#ports.log.error(`Stopping the server: ${String(error)}`));
    this.#ignoreFiles.dispose();
    this.#statusChanged.dispose();
    this.#stateChanged.dispose();
  }

  async #launch(): Promise<LanguageClient> {
    const { serverModule, answers } = this.#ports;
    const server = {
      module: serverModule,
      transport: TransportKind.ipc,
      // Not a workspace folder, which is hostile until proven otherwise.
      options: { cwd: vscode.Uri.joinPath(vscode.Uri.file(serverModule), '..').fsPath, execArgv: quietWarnings },
    };
    const client = new LanguageClient('codegloss', 'CodeGloss', { run: server, debug: server }, this.#clientOptions());
    this.#client = client;
    this.#subscriptions.push(
      client.onNotification(statusMethod, (status: StatusParams) => {
        this.#statusChanged.fire(status);
      }),
      client.onDidChangeState(({ newState }) => this.#stateChanged.fire(newState)),
      ...[...answers].map(([method, answer]) =>
        client.onRequest(method, (params: unknown, token: vscode.CancellationToken) => answer(params as never, token)),
      ),
    );
    await client.start();
    return client;
  }

  #clientOptions(): LanguageClientOptions {
    return {
      documentSelector: documentSelector.map((filter) => ({ ...filter })) as NonNullable<
        LanguageClientOptions['documentSelector']
      >,
      outputChannel: this.#ports.log,
      initializationOptions: (): InitializationOptions => ({
        trusted: vscode.workspace.isTrusted,
        isOurClient: true,
        highlight: uncoloredByOthers(),
        navigation: navigatedLanguages((id) => vscode.extensions.getExtension(id) !== undefined),
      }),
      // The server pulls settings per document; this only tells it that something changed.
      synchronize: { configurationSection: 'codegloss', fileEvents: this.#ignoreFiles },
      markdown: { isTrusted: { enabledCommands: linkedCommands }, supportHtml: false },
      middleware: this.#ports.middleware,
    };
  }
}

const ownId = 'codegloss.codegloss';

function uncoloredByOthers(): readonly string[] {
  const others = vscode.extensions.all.filter(({ id }) => id.toLowerCase() !== ownId);
  return uncoloredLanguages(others.map(({ packageJSON }) => packageJSON as Manifest));
}

/** `node:sqlite` still announces itself as experimental on the editor's Node. */
const quietWarnings = ['--disable-warning=ExperimentalWarning'];

export { State };
