import { partitionDocument } from '../partition/partitioner.ts';
import { partitionStrategy } from '../partition/strategies.ts';
import { type PartitionStrategyName, partitionStrategies } from '../types/partition.ts';
import { type Command, integerOption, parseArguments, UsageError } from './arguments.ts';
import { formatOf, formatOptions, overFiles } from './batch.ts';
import { openSyntax } from './session.ts';

const options = { ...formatOptions, strategy: { type: 'string' }, 'max-tokens': { type: 'string' } } as const;

export const partitionCommand: Command = {
  usage: `FILE… [--strategy ${partitionStrategies.join('|')}] [--max-tokens N] [--json|--jsonl]`,
  summary: 'splits files into partitions: runs of lines that cover the file and are cut only where the language allows',
  async run(context) {
    const { values, positionals } = parseArguments(context.args, options);
    const name = strategyName(values.strategy ?? 'structure');
    const strategy = partitionStrategy(name);
    if (strategy === undefined)
      throw new Error(`the strategy '${name}' is not available on the command line yet: use structure or fixed.`);
    const limit = integerOption('max-tokens', values['max-tokens'], 1, 0);
    const syntax = openSyntax();
    try {
      return await overFiles(context, {
        args: positionals,
        format: formatOf(values),
        work: async ({ path, source, language }) => {
          const document = await syntax.open(language, source.text, context.signal);
          try {
            const partitions = await partitionDocument(document, strategy, {
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
      syntax.dispose();
    }
  },
};

function strategyName(name: string): PartitionStrategyName {
  const known = partitionStrategies.find((each) => each === name);
  if (known === undefined)
    throw new UsageError(`there is no strategy '${name}': choose one of ${partitionStrategies.join(', ')}.`);
  return known;
}
