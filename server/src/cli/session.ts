import { randomInt } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findAssets } from '../assets.ts';
import { type Core, type CorePorts, createCore, homeFolder, locateAssets } from '../core.ts';
import { systemClock } from '../model/clock.ts';
import { sharedWordsFile } from '../protocol.ts';
import { IgnoreRules } from '../repository/ignoreRules.ts';
import { defaultSettings, type Settings } from '../settings.ts';
import type { SummaryDocument } from '../summary/subjects.ts';
import type { Syntax, SyntaxDocument } from '../syntax/document.ts';
import { createSyntax } from '../syntax/syntax.ts';
import { type PartitionStrategyName, partitionStrategies } from '../types/partition.ts';
import { type ProviderId, providerIds } from '../types/summary.ts';
import { type CommandContext, integerOption, UsageError } from './arguments.ts';
import type { ReadFile } from './files.ts';

/** Grammars alone, for commands that ask no model. */
export function openSyntax(): Syntax {
  return createSyntax({ locate: locateAssets(findAssets(import.meta.dirname)) });
}

export const providerOptions = {
  provider: { type: 'string' },
  model: { type: 'string' },
  endpoint: { type: 'string' },
  'ask-model': { type: 'boolean' },
} as const;

/** How long files are divided, for commands that summarize them as for the one that shows the partitions. */
export const partitionOptions = { strategy: { type: 'string' }, 'max-tokens': { type: 'string' } } as const;

export const partitionUsage = `[--strategy ${partitionStrategies.join('|')}] [--max-tokens N]`;

/** Throws `UsageError` for a name that is no strategy's. */
export function strategyName(name: string): PartitionStrategyName {
  const known = partitionStrategies.find((each) => each === name);
  if (known === undefined)
    throw new UsageError(`there is no strategy '${name}': choose one of ${partitionStrategies.join(', ')}.`);
  return known;
}

/**
 * Settings of a run: what the options name over the defaults. Naming `--provider` is the user's choice; configuration in a repository is
 * never read for it.
 */
export function settingsFrom(values: {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly endpoint?: string | undefined;
  /** See the setting `context.askModel`. */
  readonly 'ask-model'?: boolean | undefined;
  readonly strategy?: string | undefined;
  readonly 'max-tokens'?: string | undefined;
}): Settings {
  const provider = values.provider ?? defaultSettings.provider;
  const known = providerIds.find((each) => each === provider);
  if (known === undefined)
    throw new UsageError(`there is no provider '${provider}': choose one of ${providerIds.join(', ')}.`);
  if (known === 'editor') throw new UsageError("the provider 'editor' exists in VS Code only: choose another.");
  return {
    ...defaultSettings,
    provider: known,
    model: values.model ?? '',
    endpoint: values.endpoint ?? '',
    automatic: true,
    context: { askModel: values['ask-model'] === true },
    partition: {
      strategy: strategyName(values.strategy ?? defaultSettings.partition.strategy),
      maxTokens: integerOption('max-tokens', values['max-tokens'], 1, defaultSettings.partition.maxTokens),
    },
  };
}

/** Environment variables that hold keys. Only the command line reads them: an editor that inherits one must not start to bill. */
const keyVariables: Partial<Record<ProviderId, string>> = { anthropic: 'ANTHROPIC_API_KEY', openai: 'OPENAI_API_KEY' };

/** The shared store's URL with its password; only the command line reads it. */
export const storeVariable = 'CODEGLOSS_STORE_URL';

/** @param more what a run of many requests adds: its limit, its width, its counter */
export function openCore(
  context: CommandContext,
  settings: Settings,
  more: Pick<CorePorts, 'runLimit' | 'parallel' | 'around' | 'batch' | 'sourceOf' | 'onTokens'> = {},
): Core {
  const rules = new Map<string, IgnoreRules>();
  const url = settings.store.url === '' ? (context.env[storeVariable] ?? '') : settings.store.url;
  const withStore = { ...settings, store: { url } };
  return createCore({
    assets: findAssets(import.meta.dirname),
    home: homeFolder(context.env),
    settings: () => withStore,
    repositoryOf: () => repositoryOf(context.cwd),
    teamWords: () => path.join(context.cwd, sharedWordsFile),
    clock: systemClock,
    random: () => randomInt(2 ** 32) / 2 ** 32,
    isTrusted: () => true,
    isIgnored: (file) => {
      const absolute = path.resolve(context.cwd, file);
      const root = isInside(absolute, context.cwd) ? context.cwd : path.dirname(absolute);
      const known = rules.get(root) ?? new IgnoreRules(root, settings.ignore);
      rules.set(root, known);
      return known.isIgnored(absolute);
    },
    isChosen: (provider) => provider === settings.provider,
    apiKey: async (provider) => context.env[keyVariables[provider] ?? ''] ?? null,
    onBlocked: () => undefined,
    onProblem: (message) => context.output.err(`codegloss: ${message}\n`),
    ...more,
  });
}

/** Same identity as in an editor that has the working directory open, so that both share summaries. */
export function repositoryOf(cwd: string): string {
  return pathToFileURL(cwd).href;
}

export function documentOf(context: CommandContext, file: ReadFile, syntax: SyntaxDocument): SummaryDocument {
  return { uri: pathToFileURL(file.file).href, path: file.path, repository: repositoryOf(context.cwd), syntax };
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}
