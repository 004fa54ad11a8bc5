import path from 'node:path';
import { type Command, integerOption, parseArguments, UsageError } from './arguments.ts';
import { schemaVersion } from './batch.ts';
import { updateIndex } from './indexing.ts';
import { search } from './vectors.ts';

export const searchCommand: Command = {
  usage: 'DIR QUERY… [--limit N] [--json]',
  summary: 'finds symbols by words, and by meaning after `index --vectors`, once the index of the folder is up to date',
  async run(context) {
    const options = { json: { type: 'boolean' }, limit: { type: 'string' } } as const;
    const { values, positionals } = parseArguments(context.args, options);
    const [folder, ...words] = positionals;
    if (folder === undefined || words.length === 0) throw new UsageError('name a folder and what to look for.');
    const limit = integerOption('limit', values.limit, 1, 10);
    const { location } = await updateIndex(context, path.resolve(context.cwd, folder));
    const hits = await search(context, location, { text: words.join(' '), limit });
    if (values.json === true) context.output.out(`${JSON.stringify({ schema: schemaVersion, hits }, null, 2)}\n`);
    else
      for (const { path: file, symbol, kind, range, score } of hits)
        context.output.out(`${file}:${range.start.line + 1}  ${kind} ${symbol}  ${score.toFixed(2)}\n`);
    return 0;
  },
};
