import type { Settings } from '../settings.ts';
import { ModelError } from '../types/errors.ts';
import type { CacheRule, Priority, Produced, ProduceRequest, Producer } from '../types/produce.ts';
import type { ProviderId, Usage } from '../types/summary.ts';
import { noUsage } from '../types/summary.ts';
import { anthropicDefaultModel, anthropicEndpoint, anthropicModel } from './anthropic.ts';
import type { Batcher, BatchTerms } from './batching.ts';
import { Budget, type Charge, type SpendLedger } from './budget.ts';
import { cacheRuleOf, prefixesOf, promptCacheOf } from './cacheRules.ts';
import { TokenCalibration } from './calibration.ts';
import type { Clock } from './clock.ts';
import { type AskEditor, editorModel } from './editor.ts';
import { endpointOf, endpointProblem, isLoopback } from './endpoint.ts';
import { type Destination, Gate, type GatePorts } from './gate.ts';
import { keyMemory } from './keyMemory.ts';
import type { Block } from './messages.ts';
import { openAiEndpoint, openAiModel } from './openai.ts';
import { outlineProducer } from './outline/outline.ts';
import { type Price, priceOf, worstCost } from './prices.ts';
import type { RateLimits } from './rateWindow.ts';
import type { RemoteModel } from './remoteModel.ts';
import { bothLimits, type SpendLimit } from './runLimit.ts';
import { type Activity, Scheduler } from './scheduler.ts';

/** Everything the model layer needs of the world; the entries (`main.ts`, `cli/`, the worker) fill it in. */
export interface ProducerPorts extends GatePorts {
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  readonly ledger: SpendLedger;
  /** The user's key, or null. Asked once, and again after `credentialsChanged`. */
  apiKey(provider: ProviderId, signal: AbortSignal): Promise<string | null>;
  /** Whether the user chose this provider: user settings, or `--provider` on the command line; never a repository's configuration. */
  isChosen(provider: ProviderId): boolean;
  /** The editor's own models; absent where there is no editor of ours. */
  readonly askEditor?: AskEditor;
  /** The model that ships with CodeGloss; where there is none, or its files are missing, `outline` takes its place. */
  readonly embedded?: () => Producer | undefined;
  /** Called once when missing or refused credentials stop everything. */
  readonly onBlocked: (error: ModelError) => void;
  readonly onActivity?: (activity: Activity) => void;
  /** A limit beside the daily budget: that of one run. */
  readonly runLimit?: SpendLimit;
  /** Requests to a hosted provider at the same time, where others than the usual few are wanted. */
  readonly parallel?: number;
  /** For runs that may wait, where the provider takes batches; absent: every request is sent at once. */
  readonly batch?: (terms: BatchTerms) => Batcher;
}

/** A producer with all that stands before it, and what a status item wants to know. */
export interface ManagedProducer extends Producer {
  /** Why a request of this priority would not pass before any text is looked at; undefined when it would. */
  admission(priority: Priority): Block | undefined;
  /** Why this text may not be sent, by its own path; undefined when it may. For context builders that leave such pieces out. */
  blockOfText(path: string, text: string, near?: string): Promise<Block | undefined>;
  /** Why nothing of a file may be sent, whatever it holds. */
  blockOfPath(path: string, near?: string): Promise<Block | undefined>;
  /** The error that stopped everything, until `credentialsChanged`. */
  readonly blockedBy: ModelError | undefined;
  /** Tokens and money of this UTC day, over all providers that share the ledger. */
  today(): Usage;
  /** A key was set or cleared: forgets the old one and closes the circuit. */
  credentialsChanged(): void;
  /** What a forecast needs to know; absent for producers that send nothing. */
  readonly terms?: RemoteTerms;
  /** Cancels what runs. */
  dispose(): void;
}

/** On which terms a remote producer answers. */
export interface RemoteTerms {
  /** Undefined where no price is known. */
  readonly price: Price | undefined;
  /** Whether somebody bills the user by token. */
  readonly metered: boolean;
  readonly limits: RateLimits;
  readonly parallel: number;
  /** How its prompt cache works. */
  readonly cache: CacheRule;
  /** Exact input tokens, where the provider counts. Passes the gate like any request. */
  readonly countTokens?: (request: ProduceRequest, signal: AbortSignal) => Promise<number>;
}

/** Longest silence of a hosted model, and of a server that may have to load its model first. Milliseconds. */
const hostedIdle = 90_000;
const loadingIdle = 300_000;

/** Until a hosted provider names its limits. The lowest paid tier of Anthropic allows this much (retrieval notes, section 5). */
const hostedLimits: RateLimits = { requestsPerMinute: 50, tokensPerMinute: 50_000 };

const concurrency: Readonly<Record<'hosted' | 'loopback', number>> = { hosted: 4, loopback: 2 };

/** The producer that the settings name. Local ones answer directly; all others stand behind gate and scheduler. */
export function createProducer(settings: Settings, ports: ProducerPorts): ManagedProducer {
  switch (settings.provider) {
    case 'outline':
      return unguarded(outlineProducer(), settings, ports);
    case 'embedded':
      return unguarded(ports.embedded?.() ?? outlineProducer(), settings, ports);
    case 'anthropic':
    case 'openai':
    case 'editor':
      return guarded(settings.provider, settings, ports);
  }
}

function unguarded(producer: Producer, settings: Settings, ports: ProducerPorts): ManagedProducer {
  const budget = new Budget(ports.ledger, ports.clock, settings.budget.daily);
  return {
    identity: producer.identity,
    local: true,
    produce: (request, signal) => producer.produce(request, signal),
    admission: () => undefined,
    blockOfText: async () => undefined,
    blockOfPath: async () => undefined,
    blockedBy: undefined,
    today: () => budget.today(),
    credentialsChanged: () => {},
    dispose: () => {},
  };
}

type RemoteId = Extract<ProviderId, 'anthropic' | 'openai' | 'editor'>;

function guarded(provider: RemoteId, settings: Settings, ports: ProducerPorts): ManagedProducer {
  const keys = keyMemory(provider, ports);
  const heard: { scheduler?: Scheduler } = {};
  const model = remoteModel(provider, settings, ports, keys.get, (limits) => {
    if (heard.scheduler !== undefined) heard.scheduler.limits = limits;
  });
  const gate = new Gate(ports, destinationOf(provider, model, settings, ports));
  const budget = new Budget(ports.ledger, ports.clock, settings.budget.daily);
  const parallel = ports.parallel ?? (model.local ? concurrency.loopback : concurrency.hosted);
  const limits = model.local ? {} : hostedLimits;
  const scheduler = new Scheduler({
    clock: ports.clock,
    budget: ports.runLimit === undefined ? budget : bothLimits(ports.runLimit, budget),
    concurrency: parallel,
    limits,
    random: ports.random,
    onBlocked: ports.onBlocked,
    ...(ports.onActivity === undefined ? {} : { onActivity: ports.onActivity }),
  });
  heard.scheduler = scheduler;
  const price = priceOf(model.identity.model, settings.prices);
  const calibration = new TokenCalibration(model.countTokens?.bind(model));
  const chargeOf = (request: ProduceRequest): Charge => {
    const texts = [...request.prompt.map((block) => block.text), JSON.stringify(request.schema)];
    const worst = price === undefined ? null : worstCost(price, texts, model.outputLimit(request));
    return { worst, metered: model.metered, model: model.identity.model };
  };
  const batching =
    ports.batch === undefined || model.batches === undefined
      ? undefined
      : ports.batch({
          model: model.batches,
          owner: JSON.stringify([provider, model.identity.model, settings.endpoint]),
          limit: ports.runLimit === undefined ? budget : bothLimits(ports.runLimit, budget),
          chargeOf,
          clock: ports.clock,
        });
  return {
    identity: model.identity,
    local: model.local,
    promptCache: promptCacheOf(model.identity, price, batching === undefined),
    async produce(request, signal) {
      await gate.pass(request);
      if (batching !== undefined) return batching.produce(request, signal);
      calibration.begin(request, signal);
      const produced = await scheduler.submit(taskOf(request, { model, gate, price, calibration }), signal);
      calibration.learn(request, produced.usage.input);
      return produced;
    },
    admission: (priority) => gate.admission(priority),
    blockOfText: (path, text, near) => gate.blockOfText(path, text, near),
    blockOfPath: (path, near) => gate.blockOfPath(path, near),
    get blockedBy() {
      return scheduler.blockedBy;
    },
    today: () => budget.today(),
    terms: { ...termsOf(model, gate), price, limits, parallel },
    credentialsChanged: () => {
      keys.forget();
      scheduler.reset();
    },
    dispose: () => {
      batching?.dispose();
      scheduler.dispose();
    },
  };
}

function termsOf(model: RemoteModel, gate: Gate): Pick<RemoteTerms, 'metered' | 'cache' | 'countTokens'> {
  const { metered } = model;
  const count = model.countTokens?.bind(model);
  const cache = cacheRuleOf(model.identity);
  if (count === undefined) return { metered, cache };
  return {
    metered,
    cache,
    async countTokens(request, signal) {
      await gate.pass(request);
      return count(request, signal);
    },
  };
}

function taskOf(
  request: ProduceRequest,
  {
    model,
    gate,
    price,
    calibration,
  }: {
    readonly model: RemoteModel;
    readonly gate: Gate;
    readonly price: Price | undefined;
    readonly calibration: TokenCalibration;
  },
) {
  const prompt = request.prompt.map((block) => block.text);
  const schema = JSON.stringify(request.schema);
  const worst = price === undefined ? null : worstCost(price, [...prompt, schema], model.outputLimit(request));
  return {
    key: request.key,
    priority: request.priority,
    tokens: calibration.estimate(request) + request.maxOutputTokens,
    charge: { worst, metered: model.metered, model: model.identity.model },
    prefixes: prefixesOf(request, cacheRuleOf(model.identity)),
    async run(signal: AbortSignal, onBegun: () => void): Promise<Produced> {
      // Time has passed in the queue: trust or choice may be gone.
      const block = gate.admission(request.priority);
      if (block !== undefined) throw new ModelError('blocked', block.message, { reason: block.reason, usage: noUsage });
      return model.produce(request, signal, onBegun);
    },
  };
}

function remoteModel(
  provider: RemoteId,
  settings: Settings,
  ports: ProducerPorts,
  apiKey: (signal: AbortSignal) => Promise<string | null>,
  onLimits: (limits: RateLimits) => void,
): RemoteModel {
  const { clock } = ports;
  const problem = provider === 'editor' ? undefined : endpointProblem(settings.endpoint);
  if (problem !== undefined) return unusable(provider, settings.model, problem);
  switch (provider) {
    case 'anthropic': {
      const endpoint = (endpointOf(settings.endpoint, anthropicEndpoint) ?? anthropicEndpoint).replace(/\/v1$/, '');
      const model = settings.model === '' ? anthropicDefaultModel : settings.model;
      const price = priceOf(model, settings.prices);
      return anthropicModel({ model, endpoint, apiKey, price, clock, idleMs: hostedIdle, onLimits });
    }
    case 'openai': {
      const endpoint = endpointOf(settings.endpoint, openAiEndpoint) ?? openAiEndpoint;
      const isBare = new URL(endpoint).pathname === '/';
      const price = priceOf(settings.model, settings.prices);
      const idleMs = isLoopback(endpoint) ? loadingIdle : hostedIdle;
      return openAiModel({
        model: settings.model,
        endpoint: isBare ? `${endpoint}/v1` : endpoint,
        apiKey,
        price,
        clock,
        idleMs,
        onLimits,
      });
    }
    case 'editor':
      return ports.askEditor === undefined
        ? unusable(provider, settings.model, noEditorModels)
        : editorModel(settings.model, ports.askEditor);
  }
}

const noEditorModels = 'This editor offers no language models to CodeGloss. Run "CodeGloss: Select Model".';

/** Stands in for a provider that cannot be reached as things are set, and says so to whoever asks. */
function unusable(provider: RemoteId, model: string, message: string): RemoteModel {
  return {
    identity: { provider, model: model === '' ? 'default' : model },
    local: false,
    metered: false,
    outputLimit: (request) => request.maxOutputTokens,
    produce: async () => {
      throw new ModelError('unavailable', message, { usage: noUsage });
    },
  };
}

function destinationOf(provider: RemoteId, model: RemoteModel, settings: Settings, ports: ProducerPorts): Destination {
  const names = {
    anthropic: 'Anthropic',
    openai: 'the OpenAI-compatible server',
    editor: "the editor's language model",
  };
  return {
    name: names[provider],
    isLoopback: model.local,
    isChosen: ports.isChosen(provider),
    mayRunUnasked: settings.automatic,
  };
}
