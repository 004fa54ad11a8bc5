import { homedir } from 'node:os';
import type { Assets } from './assets.ts';
import { createRepositoryContext, type RepositoryContext } from './context/repositoryContext.ts';
import type { FilePlace, RepositorySource } from './context/repositorySource.ts';
import { memoryLedger, type SpendLedger } from './model/budget.ts';
import { embeddedPort } from './model/embedded/embeddedPort.ts';
import { judgeMemory, producerJudge } from './model/pieceJudge.ts';
import { createProducer, type ManagedProducer, type ProducerPorts } from './model/producers.ts';
import { NgramScorer } from './partition/ngramScorer.ts';
import { partitionSource } from './partitionPorts.ts';
import type { Embedder } from './repository/embedder.ts';
import type { TeamAddress } from './repository/indexMessages.ts';
import type { Settings } from './settings.ts';
import { dataFolder } from './store/home.ts';
import { memoryPartitionChoices, openPartitionChoices, type PartitionChoices } from './store/partitionChoices.ts';
import { openSpendLedger } from './store/spendLedger.ts';
import type { SummaryStore } from './store/store.ts';
import { createSummaryStore } from './store/summaryStore.ts';
import { openUserWords, type UserWords } from './store/userWords.ts';
import { knownLineFrom, saidLineFrom } from './summary/knownLine.ts';
import { createSummarizer, type Summarizer } from './summary/summarizer.ts';
import type { TokenEvent } from './summary/tokenTally.ts';
import { bundledAssets, repositoryAssets } from './syntax/assets.ts';
import type { Syntax } from './syntax/document.ts';
import { createSyntax } from './syntax/syntax.ts';
import { type TeamPorts, teamStore } from './teamStore.ts';
import type { Producer, SummaryStyle } from './types/produce.ts';

/** What every entry (language server, command line, worker) needs, wired once. */
export interface Core {
  readonly syntax: Syntax;
  readonly store: SummaryStore;
  readonly summarizer: Summarizer;
  /** What a model is shown beside a subject. */
  readonly context: RepositoryContext;
  /** The same summarizer over another store and producer: how a run is forecast without asking or keeping anything. */
  rehearse(store: SummaryStore, producer: Producer): Summarizer;
  /** The producer that the settings of this moment name. */
  producer(): ManagedProducer;
  /** The embedding side of the shipped model; undefined when that is missing. */
  embedder(): Embedder | undefined;
  /** What the user and models chose for the partitions of files. */
  partitionChoices(): PartitionChoices;
  /** The user's last word on summaries. */
  readonly words: UserWords;
  /** Hands over to the team's store what still waits, within a few seconds; for processes that end when their work is done. */
  settle(): Promise<void>;
  /** Where the team's database is; undefined where the settings of this moment name none that may be used. */
  teamAddress(): Promise<TeamAddress | undefined>;
  /** Hands over to the team's store. @returns how many summaries still wait, because it is away */
  handOver(): Promise<number>;
  dispose(): void;
}

export interface CorePorts extends Omit<ProducerPorts, 'ledger'>, Pick<TeamPorts, 'storePassword'> {
  readonly assets: Assets;
  /** The user folder: see `homeFolder`. */
  readonly home: string;
  /** Settings as last seen, for a document where one is meant. */
  readonly settings: (uri?: string) => Settings;
  /** Identity of the repository that a document belongs to. */
  readonly repositoryOf: (uri: string) => string;
  /** The repository that a file lies in, once its index is ready; without it context is what the file itself says. */
  readonly sourceOf?: (place: FilePlace) => RepositorySource | undefined;
  /** The file in a repository in which a team shares its last word on summaries; none when absent. */
  readonly teamWords?: (repository: string) => string | undefined;
  /** Told when a file that a summary stands on was looked at again: freshness may have changed. */
  readonly onChecked?: () => void;
  /** Told what each summary cost in tokens, or saved. */
  readonly onTokens?: (event: TokenEvent) => void;
  /** One line about something that went wrong beside the main road: a database rebuilt, a folder that cannot be written. */
  readonly onProblem: (message: string) => void;
  /** One line for the log. */
  readonly onLog?: (message: string) => void;
  /** Stands between summarizer and producer: for runs that count what they ask. */
  readonly around?: (producer: Producer) => Producer;
}

/** Where everything is kept: one folder for the editor and the command line. */
export function homeFolder(env: Readonly<Record<string, string | undefined>>): string {
  return dataFolder(env, process.platform, homedir());
}

export function locateAssets({ bundled, root }: Assets): (asset: string) => string {
  return bundled ? bundledAssets(root) : repositoryAssets(root);
}

export function createCore(ports: CorePorts): Core {
  const { macros } = ports.settings().symbols;
  const syntax = createSyntax({ locate: locateAssets(ports.assets), macros });
  const local = createSummaryStore({
    folder: ports.home,
    clock: ports.clock.now,
    onProblem: ({ message }) => ports.onProblem(message),
  });
  const team = teamStore(ports, local);
  const { store } = team;
  const words = openUserWords({
    home: ports.home,
    clock: ports.clock.now,
    teamFile: ports.teamWords ?? (() => undefined),
  });
  const ledger = openLedger(ports);
  const choices = choicesMemory(ports);
  const embedded = embeddedPort(ports);
  const producers = producerMemory({ ...ports, ledger: ledger.ledger, embedded: embedded.producer });
  const contexts: RepositoryContext[] = [];
  const judged = judgeMemory();
  // Learns nothing beforehand: what it scores is compared with the text before it. The embedded model takes seconds for a prompt's worth.
  const scorer = new NgramScorer();
  const contextOver = (over: SummaryStore, producer: () => Producer): RepositoryContext => {
    const context = createRepositoryContext({
      sourceOf: ports.sourceOf ?? (() => undefined),
      syntax,
      lineOf: knownLineFrom(over, ports.repositoryOf),
      lineAt: saidLineFrom(over, ports.repositoryOf),
      // The outline says what the syntax shows and reads nothing beyond the file.
      wanted: () => producer().identity.provider !== 'outline',
      scorer,
      judge: (subject, source) => {
        const asked = producer();
        const isWanted = !asked.local && ports.settings(subject.uri).context.askModel;
        return isWanted ? producerJudge(asked, { subject, source }, judged) : undefined;
      },
      ...(ports.onChecked === undefined ? {} : { onChecked: ports.onChecked }),
    });
    contexts.push(context);
    return context;
  };
  const around = ports.around ?? ((producer) => producer);
  const summarizerOver = (
    over: SummaryStore,
    producer: () => Producer,
    context: RepositoryContext = contextOver(over, producer),
  ): Summarizer =>
    createSummarizer({
      store: over,
      producer,
      context,
      ...(ports.onTokens === undefined ? {} : { onTokens: ports.onTokens }),
      // What the outline says is in the code already.
      onSaid: ({ uri, path, symbolPath, summary }) => {
        const source = summary.origin === 'model' && over === store ? ports.sourceOf?.({ uri, path }) : undefined;
        const file = source?.toIndex({ uri, path });
        if (file !== undefined) source?.note({ path: file, symbolPath, text: `${summary.line} ${summary.paragraph}` });
      },
      syntax,
      clock: ports.clock.now,
      style: (uri) => styleOf(ports.settings(uri)),
      words: (place) => words.find(place),
      partitions: partitionSource({ choices: choices.get, producer, setting: () => ports.settings().partition }),
    });
  const asked = () => around(producers.current());
  const context = contextOver(store, asked);
  const summarizer = summarizerOver(store, asked, context);
  return {
    syntax,
    store,
    summarizer,
    context,
    rehearse: (over, producer) => summarizerOver(over, () => producer),
    producer: producers.current,
    embedder: embedded.embedder,
    words,
    partitionChoices: choices.get,
    settle: () => team.settle(),
    teamAddress: () => team.address(),
    handOver: () => team.store.flush(),
    dispose() {
      producers.dispose();
      embedded.dispose();
      choices.close();
      for (const each of contexts) each.dispose();
      syntax.dispose();
      team.close();
      ledger.close();
    },
  };
}

export function styleOf({ summary }: Settings): SummaryStyle {
  return {
    language: summary.language,
    length: summary.length,
    instructions: summary.instructions,
    comments: summary.comments,
  };
}

/** Without a folder to write, spending is counted for this process alone, and said. */
function openLedger({ home, onProblem }: CorePorts): { readonly ledger: SpendLedger; close(): void } {
  try {
    const ledger = openSpendLedger(home);
    return { ledger, close: () => ledger.close() };
  } catch (error) {
    onProblem(
      `The daily budget is counted for this session only, because ${home} cannot be written (${(error as Error).message}).`,
    );
    return { ledger: memoryLedger(), close: () => undefined };
  }
}

/** Opened when first needed; kept in memory alone where the folder cannot be written. */
function choicesMemory({ home, clock }: CorePorts): { get(): PartitionChoices; close(): void } {
  let open: PartitionChoices | undefined;
  return {
    get() {
      open ??= openChoices(home, clock.now);
      return open;
    },
    close: () => open?.close(),
  };
}

function openChoices(home: string, now: () => number): PartitionChoices {
  try {
    return openPartitionChoices(home, now);
  } catch {
    return memoryPartitionChoices();
  }
}

/** One producer at a time: another is made when a setting that shapes it changed. */
function producerMemory(ports: CorePorts & { readonly ledger: SpendLedger }): {
  current(): ManagedProducer;
  dispose(): void;
} {
  let made: { readonly key: string; readonly producer: ManagedProducer } | undefined;
  return {
    current() {
      const settings = ports.settings();
      const { provider, model, endpoint, automatic, budget, prices } = settings;
      const key = JSON.stringify([provider, model, endpoint, automatic, budget, prices]);
      if (made?.key !== key) {
        made?.producer.dispose();
        made = { key, producer: createProducer(settings, ports) };
      }
      return made.producer;
    },
    dispose: () => made?.producer.dispose(),
  };
}
