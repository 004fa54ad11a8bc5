import { existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AgentFolder, AgentPorts } from '../agents/agentPorts.ts';
import { gatekeeper } from '../agents/gatekeeper.ts';
import { serveMcp } from '../agents/mcpServer.ts';
import { readableIndex } from '../context/repositorySource.ts';
import type { Core } from '../core.ts';
import { strategyFor } from '../partitionPorts.ts';
import { IgnoreRules } from '../repository/ignoreRules.ts';
import { openIndexDatabase } from '../repository/indexDatabase.ts';
import { searchIndex } from '../repository/searchIndex.ts';
import { defaultSettings } from '../settings.ts';
import { languageOf } from '../syntax/detect.ts';
import { ModelError } from '../types/errors.ts';
import { type Command, type CommandContext, parseArguments, UsageError } from './arguments.ts';
import { updateIndex } from './indexing.ts';
import { openCore, providerOptions, settingsFrom } from './session.ts';
import { searchIn } from './vectors.ts';
import { version } from './version.ts';

export const mcpCommand: Command = {
  usage: '[DIR…] [--provider P] [--model M] [--endpoint URL]',
  summary:
    'serves search, context, summaries and partitions to agents over the Model Context Protocol, on standard input and output',
  async run(context) {
    const { values, positionals } = parseArguments(context.args, providerOptions);
    const folders = (positionals.length === 0 ? ['.'] : positionals).map((named) => folderOf(context.cwd, named));
    const core = openCore({ ...context, cwd: folders[0]?.root ?? context.cwd }, settingsFrom(values));
    try {
      await serveMcp(agentPorts(context, core, folders), version(), context.signal);
      return 0;
    } finally {
      core.dispose();
    }
  },
};

function folderOf(cwd: string, named: string): AgentFolder {
  const folder = path.resolve(cwd, named);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageError(`${named} is not a folder.`);
  const root = realpathSync(folder);
  return { root, repository: pathToFileURL(root).href };
}

function agentPorts(context: CommandContext, core: Core, folders: readonly AgentFolder[]): AgentPorts {
  const rules = new Map(folders.map(({ root }) => [root, new IgnoreRules(root, defaultSettings.ignore)]));
  return {
    folders: () => folders,
    syntax: core.syntax,
    summarizer: core.summarizer,
    languageOf: (shown, text) => languageOf({ path: shown, text }),
    strategy: (file, shown, signal) =>
      strategyFor('structure', { file, path: shown, uri: pathToFileURL(file).href }, { signal }),
    refusal: gatekeeper(({ root }, shown) => rules.get(root)?.isIgnored(shown) !== false),
    async openIndex(folder, signal) {
      const { location } = await updateIndex({ ...context, signal }, folder.root);
      const database = openIndexDatabase(location.database);
      return {
        ...readableIndex(database),
        // Words always answer; a model that cannot be used was spoken of when it was opened.
        search: (text, limit) =>
          searchIn(database, location.database, core.embedder, { text, limit, signal }).catch((error: unknown) => {
            signal.throwIfAborted();
            if (!ModelError.is(error)) throw error;
            return searchIndex(database, text, limit);
          }),
        close: () => database.close(),
      };
    },
  };
}
