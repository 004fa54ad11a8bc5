import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findAssets } from '../assets.ts';
import { openSources, type Sources } from '../bulk/sources.ts';
import { createFileContext } from '../context/fileContext.ts';
import type { Core } from '../core.ts';
import { type DescribePorts, describeFile } from '../export/describeFile.ts';
import { exportSite } from '../export/exportSite.ts';
import type { FilePage } from '../export/page.ts';
import { loadTemplates } from '../export/templates.ts';
import { openSite } from '../export/writeSite.ts';
import { systemClock } from '../model/clock.ts';
import { outlineProducer } from '../model/outline/outline.ts';
import { partitionSource } from '../partitionPorts.ts';
import { openIndexDatabase } from '../repository/indexDatabase.ts';
import { openSymbolGraph } from '../repository/symbolGraph.ts';
import { defaultSettings, type Settings } from '../settings.ts';
import { createSummaryStore } from '../store/summaryStore.ts';
import { createSummarizer, type Summarizer } from '../summary/summarizer.ts';
import { type Command, type CommandContext, parseArguments, UsageError } from './arguments.ts';
import { schemaVersion } from './batch.ts';
import { updateIndex } from './indexing.ts';
import { openCore, partitionOptions, partitionUsage, providerOptions, settingsFrom } from './session.ts';

export const exportCommand: Command = {
  usage: `DIR --out SITE [--provider P] [--model M] ${partitionUsage} [--json]`,
  summary:
    'writes what is known of a repository as a browsable site and as Markdown; asks no model (codegloss run does)',
  async run(context) {
    const options = {
      json: { type: 'boolean' },
      out: { type: 'string' },
      ...providerOptions,
      ...partitionOptions,
    } as const;
    const { values, positionals } = parseArguments(context.args, options);
    const [folder] = positionals;
    if (folder === undefined || positionals.length > 1) throw new UsageError('name one folder.');
    if (values.out === undefined) throw new UsageError('name the folder of the site with --out.');
    const root = path.resolve(context.cwd, folder);
    if (!(await stat(root).catch(() => undefined))?.isDirectory())
      throw new Error(`${folder} is no folder: check the path.`);
    const out = path.resolve(context.cwd, values.out);
    const start = performance.now();
    const made = await writeExport(context, { root, out, settings: settingsFrom(values) });
    const result = { ...made, ms: Math.round(performance.now() - start) };
    context.output.out(
      values.json === true
        ? `${JSON.stringify({ schema: schemaVersion, ...result }, null, 2)}\n`
        : `${result.pages} pages, ${(result.bytes / 1e6).toFixed(1)} MB in ${(result.ms / 1000).toFixed(1)} s: open ${path.join(out, 'index.html')}\n`,
    );
    return 0;
  },
};

interface ExportPlace {
  readonly root: string;
  readonly out: string;
  readonly settings: Settings;
}

async function writeExport(
  context: CommandContext,
  { root, out, settings }: ExportPlace,
): Promise<{ readonly pages: number; readonly bytes: number }> {
  const { bundled, root: assets } = findAssets(import.meta.dirname);
  const templates = path.join(assets, bundled ? 'site' : 'media/site');
  const writer = await openSite(out, templates);
  const core = openCore({ ...context, cwd: root }, settings);
  const sources = openSources({
    root,
    repository: pathToFileURL(root).href,
    syntax: core.syntax,
    ignore: defaultSettings.ignore,
  });
  try {
    const { location } = await updateIndex(context, root);
    const database = openIndexDatabase(location.database);
    try {
      const ports: DescribePorts = {
        known: core.summarizer,
        filler: structureSpeaks(core),
        graph: openSymbolGraph(database),
        partitions: partitionSource({
          choices: core.partitionChoices,
          producer: outlineProducer,
          setting: () => settings.partition,
        }).of,
        signal: context.signal,
      };
      const pages = await exportSite({
        site: path.basename(root),
        pages: pagesOf(context, sources, ports, path.relative(root, out)),
        render: await loadTemplates(templates),
        writer,
        date: new Date(systemClock.now()).toISOString().slice(0, 10),
      });
      await writer.finish();
      return { pages, bytes: writer.bytes };
    } finally {
      database.close();
    }
  } finally {
    await writer.discard();
    sources.dispose();
    core.dispose();
  }
}

/** What the code's structure says, for what nobody summarized yet; kept in memory, so that it takes no better summary's place. */
function structureSpeaks({ syntax }: Core): Summarizer {
  const { language, length, instructions } = defaultSettings.summary;
  return createSummarizer({
    store: createSummaryStore({ folder: undefined, clock: systemClock.now }),
    producer: outlineProducer,
    context: createFileContext(),
    syntax,
    clock: systemClock.now,
    style: () => ({ language, length, instructions }),
  });
}

/** @param outside the site itself, when it lies in the repository */
async function* pagesOf(
  context: CommandContext,
  sources: Sources,
  ports: DescribePorts,
  outside: string,
): AsyncGenerator<FilePage> {
  const files = (await sources.list(context.signal)).filter((file) => !file.startsWith(`${outside}/`));
  if (files.length === 0) throw new Error('nothing to do: no file there is in a language that CodeGloss reads.');
  for (const [index, file] of files.entries()) {
    context.signal.throwIfAborted();
    if (context.output.isTerminal) context.output.err(`\r\x1b[K${index + 1}/${files.length} ${file.slice(-60)}`);
    const page = await sources.use(file, context.signal, (document) => describeFile(document, ports));
    if (page !== undefined) yield page;
  }
  if (context.output.isTerminal) context.output.err('\r\x1b[K');
}
