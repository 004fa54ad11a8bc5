import path from 'node:path';
import { type Command, parseArguments, UsageError } from './arguments.ts';
import { schemaVersion } from './batch.ts';
import { updateIndex } from './indexing.ts';
import { updateVectors } from './vectors.ts';
import { storeConfig } from './workerQueue.ts';

export const indexCommand: Command = {
  usage: 'DIR [--vectors] [--store URL] [--json]',
  summary:
    'reads a repository into its index, or brings the index up to date; --vectors: and its symbols into the built-in model, for search by meaning; --store: with what the team has parsed already',
  async run(context) {
    const { values, positionals } = parseArguments(context.args, {
      json: { type: 'boolean' },
      vectors: { type: 'boolean' },
      store: { type: 'string' },
    });
    if (values.store !== undefined) storeConfig(values.store, context.env);
    const [folder] = positionals;
    if (folder === undefined || positionals.length > 1) throw new UsageError('name one folder.');
    const start = performance.now();
    const { location, report } = await updateIndex(context, path.resolve(context.cwd, folder), values.store);
    const { databaseBytes, ...counts } = report;
    const vectors = values.vectors === true ? { vectors: await updateVectors(context, location) } : {};
    const ms = Math.round(performance.now() - start);
    const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
    const result = { ...counts, ms, peakRssMb, database: location.database, databaseBytes, ...vectors };
    if (values.json === true) {
      context.output.out(`${JSON.stringify({ schema: schemaVersion, ...result }, null, 2)}\n`);
      return 0;
    }
    const skipped = report.skipped.map(({ reason, count }) => `${count} ${reason}`).join(', ');
    const { shared } = report;
    const team =
      shared === undefined ? '' : `from the team: ${shared.fetched} files; handed over: ${shared.given} files\n`;
    context.output.out(
      `${result.files} files, ${result.symbols} symbols, ${result.edges} calls resolved, ${(result.bytes / 1e6).toFixed(1)} MB in ${(ms / 1000).toFixed(1)} s\n` +
        `skipped: ${skipped === '' ? 'nothing' : skipped}\n${team}${location.database} (${(databaseBytes / 1e6).toFixed(1)} MB)\n`,
    );
    return 0;
  },
};
