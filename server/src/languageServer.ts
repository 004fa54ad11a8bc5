import { availableParallelism, homedir } from 'node:os';
import {
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver';
import type { Assets } from './assets.ts';
import { type Core, createCore, homeFolder, styleOf } from './core.ts';
import { registerAgentTool } from './features/agentTool.ts';
import { askEditor } from './features/askEditor.ts';
import { Attendance } from './features/attendance.ts';
import { hasTagSupport, serverCapabilities } from './features/capabilities.ts';
import { registerCodeAction } from './features/codeAction.ts';
import { registerCodeLens } from './features/codeLens.ts';
import { registerCommands, serverCommands } from './features/commands.ts';
import { commentPort } from './features/commentPort.ts';
import { Configuration } from './features/configuration.ts';
import { contextDocument } from './features/contextDocument.ts';
import { registerDocumentSymbol } from './features/documentSymbol.ts';
import { Documents } from './features/documents.ts';
import { DriftHints } from './features/drift.ts';
import { explanation } from './features/explanation.ts';
import { watchFiles } from './features/fileWatch.ts';
import { FolderIndexes } from './features/folderIndexes.ts';
import { FolderSources } from './features/folderSources.ts';
import { FolderVectors } from './features/folderVectors.ts';
import { registerFolding } from './features/folding.ts';
import { glanceOf } from './features/glance.ts';
import { type Blocked, Gloss } from './features/gloss.ts';
import { registerHover } from './features/hover.ts';
import { offerNavigation, registerNavigation } from './features/navigation.ts';
import { registerPartitions } from './features/partitions.ts';
import { Quiet } from './features/quiet.ts';
import { registerReport } from './features/report.ts';
import { registerRequests } from './features/requests.ts';
import { registerSave } from './features/save.ts';
import { SemanticTokens } from './features/semanticTokens.ts';
import { agentPorts } from './features/serverAgentPorts.ts';
import { Status, statusOf, withIndexing } from './features/status.ts';
import { summarizerPort } from './features/summarizerPort.ts';
import { registerSummaryTree } from './features/summaryTree.ts';
import { prefetchFromTeam } from './features/teamPrefetch.ts';
import { registerUserWords } from './features/userWords.ts';
import { Workspace } from './features/workspace.ts';
import { registerWorkspaceRun } from './features/workspaceRun.ts';
import { systemClock } from './model/clock.ts';
import { outlineProducer } from './model/outline/outline.ts';
import { strategyFor } from './partitionPorts.ts';
import {
  type ApiKeyResult,
  apiKeyMethod,
  commands,
  type EnvironmentParams,
  environmentMethod,
  type HighlightParams,
  highlightMethod,
  type InitializationOptions,
  type StorePasswordResult,
  sharedWordsFile,
  storePasswordMethod,
} from './protocol.ts';
import { deleteAll } from './store/deleteAll.ts';
import { subjectId } from './summary/keys.ts';
import { TokenTally } from './summary/tokenTally.ts';
import { languageOf } from './syntax/detect.ts';
import { ModelError } from './types/errors.ts';

/** Serves LSP on a connection: ours in VS Code, any client over stdio. Wiring only. */
export function startLanguageServer(
  connection: Connection,
  ports: { readonly assets: Assets; readonly env: Readonly<Record<string, string | undefined>> },
): void {
  let server: Server | undefined;
  connection.onInitialize((params) => {
    server = buildServer(connection, params, ports);
    return server.result;
  });
  connection.onShutdown(() => server?.dispose());
}

interface Server {
  readonly result: InitializeResult;
  dispose(): void;
}

function buildServer(
  connection: Connection,
  params: InitializeParams,
  { assets, env }: { readonly assets: Assets; readonly env: Readonly<Record<string, string | undefined>> },
): Server {
  const options = (params.initializationOptions ?? {}) as InitializationOptions;
  const ours = options.isOurClient === true;
  const { capabilities } = params;
  const workspace = new Workspace(params.workspaceFolders ?? [], options.trusted ?? true);
  const configuration = new Configuration(connection, capabilities.workspace?.configuration === true, options.settings);
  const log = (message: string) => connection.console.info(message);
  const home = options.home ?? homeFolder(env);
  let gloss: Gloss | undefined;
  const attendance = new Attendance();
  const tokens = new TokenTally();
  const core: Core = createCore({
    assets,
    home,
    settings: (uri) => configuration.latest(uri),
    repositoryOf: (uri) => workspace.repositoryOf(uri),
    teamWords: (repository) => workspace.fileIn(repository, sharedWordsFile),
    clock: systemClock,
    random: Math.random,
    isTrusted: () => workspace.trusted,
    isIgnored: (path, near) => workspace.isIgnored(path, configuration.latest(near).ignore, near),
    isChosen: (provider) => configuration.latest().provider === provider,
    storePassword: async () =>
      ours ? (await connection.sendRequest<StorePasswordResult>(storePasswordMethod)).password : null,
    apiKey: async (provider) =>
      ours ? (await connection.sendRequest<ApiKeyResult>(apiKeyMethod, { provider })).key : null,
    ...(ours ? { askEditor: (question, signal) => askEditor(connection, question, signal) } : {}),
    onBlocked: (error) => {
      if (!attendance.isAttended) connection.window.showWarningMessage(`CodeGloss: ${error.message}`);
      status.touch();
    },
    onActivity: () => status.touch(),
    onProblem: (message) => connection.window.showWarningMessage(`CodeGloss: ${message}`),
    onLog: log,
    sourceOf: ({ uri }) => folderSources.of(uri),
    onChecked: () => gloss?.recheck(),
    onTokens: (event) => {
      tokens.add(event);
      const line = tokens.line();
      if (event.sent > 0 && line !== undefined)
        log(`${event.path} ${event.symbol ?? ''}: ${event.sent} tokens sent, ${event.cached} cached. So far ${line}.`);
    },
  });
  const documents = new Documents({
    syntax: core.syntax,
    languageOf: (uri, languageId, text) => {
      const path = workspace.locate(uri)?.path;
      return path === undefined
        ? undefined
        : languageOf({ path, languageId, text, overrides: configuration.latest().languages });
    },
    onFailure: log,
    ready: (uri) => configuration.get(uri),
  });
  const explain = (error: ModelError) => explanation(error, core.producer().identity.provider);
  const summarizer = summarizerPort(core.summarizer, workspace);
  gloss = new Gloss({ summarizer, explain, log });
  const status = new Status(
    connection,
    () => withIndexing(statusOf(core.producer(), gloss?.busy ?? 0, explain), indexes.progress),
    ours,
  );
  const comments = commentPort;
  const producerIsLocal = () => core.producer().local;
  gloss.onChanged(() => status.touch());
  documents.register(connection);
  documents.onClosed((uri) => gloss?.cancelFor(uri));
  configuration.register();
  configuration.onChanged(() => {
    drift.refresh();
    workspace.reload();
    void configuration.get().then(() => {
      core.producer().credentialsChanged();
      gloss?.forgetFailures();
      status.touch();
    });
  });
  const semanticTokens = new SemanticTokens(connection, documents, {
    canRegister: capabilities.textDocument?.semanticTokens?.dynamicRegistration === true,
  });
  const color = (languages: readonly string[]): void => {
    semanticTokens.color(languages).catch((error: unknown) => log(`Semantic tokens: ${String(error)}`));
  };
  connection.onNotification(highlightMethod, ({ languages }: HighlightParams) => color(languages));
  // One handler only: a connection keeps the last that was set.
  connection.onInitialized(() => {
    color(options.highlight ?? []);
    workspace.follow(connection, capabilities.workspace?.workspaceFolders === true, (changes) =>
      indexes.follow(changes),
    );
    if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true) void watchFiles(connection);
    if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true) {
      void connection.client.register(DidChangeConfigurationNotification.type, { section: 'codegloss' });
    }
    if (ours) void offerNavigation(connection, options.navigation ?? []);
    void configuration.get().then(() => status.touch());
  });
  connection.onNotification(environmentMethod, ({ trusted, keysChanged }: EnvironmentParams) => {
    workspace.trusted = trusted;
    if (keysChanged) core.producer().credentialsChanged();
    gloss?.forgetFailures();
    status.touch();
  });
  const refusal = async (uri: string): Promise<Blocked | undefined> => {
    const producer = core.producer();
    const block = producer.admission('hover') ?? (await producer.blockOfPath(workspace.locate(uri)?.path ?? uri, uri));
    return block && explain(new ModelError('blocked', block.message, { reason: block.reason }));
  };
  const shared = { documents, configuration, gloss, comments, attendance, explain, refusal, producerIsLocal, log };
  const producerIsOurs = () => ['outline', 'embedded'].includes(core.producer().identity.provider);
  const glance = glanceOf(core.rehearse, outlineProducer(), workspace);
  registerHover(connection, { ...shared, producerIsOurs, glance, commandLinks: ours });
  registerCodeLens(connection, {
    ...shared,
    producerIsInstant: () => core.producer().identity.provider === 'outline',
    refreshes: capabilities.workspace?.codeLens?.refreshSupport === true,
    showCommand: ours ? commands.showSummary : serverCommands.summarize,
  });
  registerDocumentSymbol(connection, documents);
  registerFolding(connection, documents);
  const drift = new DriftHints(connection, { documents, configuration, commandLinks: ours });
  registerCodeAction(connection, {
    ...shared,
    tagSupport: hasTagSupport(capabilities.textDocument?.codeAction),
    driftActions: (document, startLine, endLine) => drift.actions(document, startLine, endLine),
  });
  registerSave(connection, { ...shared, acceptsLate: ours });
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    gloss?.dispose();
    status.dispose();
    drift.dispose();
    vectors.dispose();
    indexes.dispose();
    documents.dispose();
    core.dispose();
  };
  registerUserWords(connection, {
    documents,
    gloss,
    words: core.words,
    placeOf: summarizer.placeOf,
    wordFor: summarizer.wordFor,
    repositoryOf: (uri) => workspace.repositoryOf(uri),
    deleteAll() {
      close();
      return { home, files: deleteAll(home).length };
    },
  });
  registerRequests(connection, {
    ...shared,
    contextDocument: contextDocument({
      context: core.context,
      producer: core.producer,
      workspace,
      style: (uri) => styleOf(configuration.latest(uri)),
    }),
    symbolComments: summarizer,
    clear: () => core.store.clear(),
  });
  registerPartitions(connection, {
    documents,
    configuration,
    choices: core.partitionChoices,
    strategy: (name, uri, signal) => {
      const place = workspace.locate(uri);
      const subject = { uri, path: place?.path ?? uri, file: place?.repository === '' ? undefined : place?.file };
      const model = { producer: core.producer(), cache: core.partitionChoices().answers };
      return strategyFor(name, subject, { signal, model });
    },
  });
  const indexes = new FolderIndexes({
    workspace,
    documents,
    assets,
    home,
    userHome: homedir(),
    ignore: () => configuration.latest().ignore,
    threads: Math.min(maxIndexThreads, availableParallelism()),
    log,
    team: () => core.teamAddress(),
    onProgress: () => {
      status.touch();
      vectors.touch();
    },
    onFollowed: () => vectors.touch(),
  });
  const quiet = new Quiet(quietMs, systemClock.now);
  documents.onOpened(() => quiet.note());
  documents.onChanged(() => quiet.note());
  documents.onSaved(() => quiet.note());
  const vectors = new FolderVectors({
    indexes,
    assets,
    embedder: () => {
      const { provider, search } = configuration.latest();
      return provider === 'embedded' && search.byMeaning ? core.embedder() : undefined;
    },
    isQuiet: () => quiet.isQuiet && indexes.progress === undefined && gloss?.busy === 0,
    log,
  });
  configuration.onChanged(() => vectors.touch());
  registerSummaryTree(connection, {
    documents,
    indexes,
    search: (index, query, limit) => vectors.search(index, query, limit),
    summarizer: core.summarizer,
    syntax: core.syntax,
    keptLine: (repository, file) => core.store.latest(subjectId(repository, file, ''))?.line,
  });
  registerReport(connection, { documents, gloss, producerIsLocal });
  prefetchFromTeam({
    documents,
    gloss,
    hasTeam: () => core.store.fetch !== undefined && !producerIsOurs(),
    indexed: (uri) => indexes.of(uri)?.index.ready,
  });
  registerWorkspaceRun(connection, { core, indexes, settings: () => configuration.latest() });
  const folderSources = new FolderSources(indexes, documents);
  registerNavigation(connection, { documents, workspace, indexes, syntax: core.syntax });
  registerAgentTool(connection, agentPorts({ core, workspace, configuration, indexes, vectors }));
  if (!ours) registerCommands(connection, shared);
  return {
    result: { capabilities: serverCapabilities(ours), serverInfo: { name: 'CodeGloss' } },
    dispose: close,
  };
}

/** Vectors are made when nobody has opened, edited or saved anything for so long. */
const quietMs = 5000;

/** More threads than this only compete with the editor. */
const maxIndexThreads = 4;
