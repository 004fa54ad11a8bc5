import { pathToFileURL } from 'node:url';
import { partitionDocument } from '../partition/partitioner.ts';
import type { PartitionStrategy } from '../partition/strategy.ts';
import { strategyFor } from '../partitionPorts.ts';
import type { Syntax } from '../syntax/document.ts';
import type { PartitionStrategyName } from '../types/partition.ts';
import { type Command, type CommandContext, integerOption, parseArguments, UsageError } from './arguments.ts';
import { formatOf, formatOptions, overFiles } from './batch.ts';
import type { ReadFile } from './files.ts';
import {
  openCore,
  openSyntax,
  partitionOptions,
  partitionUsage,
  providerOptions,
  settingsFrom,
  strategyName,
} from './session.ts';

const options = {
  ...formatOptions,
  ...providerOptions,
  ...partitionOptions,
} as const;

export const partitionCommand: Command = {
  usage: `FILE… ${partitionUsage} [--provider P] [--model M] [--endpoint URL] [--json|--jsonl]`,
  summary: 'splits files into partitions: runs of lines that cover the file and are cut only where the language allows',
  async run(context) {
    const { values, positionals } = parseArguments(context.args, options);
    const name = strategyName(values.strategy ?? 'structure');
    const limit = integerOption('max-tokens', values['max-tokens'], 1, 0);
    const session = name === 'model' ? modelSession(context, values) : textSession(context, name);
    try {
      return await overFiles(context, {
        args: positionals,
        format: formatOf(values),
        work: async (file) => {
          const { path, source, language } = file;
          const document = await session.syntax.open(language, source.text, context.signal);
          try {
            const partitions = await partitionDocument(document, await session.strategyFor(file), {
              maxTokens: limit === 0 ? undefined : limit,
              signal: context.signal,
            });
            return { path, language, lines: document.outline.lines, strategy: name, partitions };
          } finally {
            document.dispose();
          }
        },
        text: ({ path, partitions }) =>
          `${path}\n${partitions.map(({ startLine, endLine, tokens, title }) => `  ${startLine + 1}–${endLine}  ${tokens} tokens  ${title}\n`).join('')}`,
      });
    } finally {
      session.dispose();
    }
  },
};

interface PartitionSession {
  readonly syntax: Syntax;
  strategyFor(file: ReadFile): Promise<PartitionStrategy>;
  dispose(): void;
}

/** For strategies that ask nobody: no user folder, no provider. */
function textSession({ signal }: CommandContext, name: Exclude<PartitionStrategyName, 'model'>): PartitionSession {
  const syntax = openSyntax();
  return {
    syntax,
    strategyFor: ({ file, path }) => strategyFor(name, { file, path, uri: pathToFileURL(file).href }, { signal }),
    dispose: () => syntax.dispose(),
  };
}

function modelSession(context: CommandContext, values: Parameters<typeof settingsFrom>[0]): PartitionSession {
  if (values.provider === undefined)
    throw new UsageError("the strategy 'model' asks a language model: name it with --provider.");
  const core = openCore(context, settingsFrom(values));
  return {
    syntax: core.syntax,
    strategyFor: ({ file, path }) =>
      strategyFor(
        'model',
        { file, path, uri: pathToFileURL(file).href },
        { signal: context.signal, model: { producer: core.producer(), cache: core.partitionChoices().answers } },
      ),
    dispose: () => core.dispose(),
  };
}
