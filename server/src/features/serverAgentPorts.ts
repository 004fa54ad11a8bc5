import path from 'node:path';
import type { AgentPorts } from '../agents/agentPorts.ts';
import { gatekeeper } from '../agents/gatekeeper.ts';
import type { Core } from '../core.ts';
import { strategyFor } from '../partitionPorts.ts';
import { languageOf } from '../syntax/detect.ts';
import { openFolderIndex } from './agentTool.ts';
import type { Configuration } from './configuration.ts';
import type { FolderIndexes } from './folderIndexes.ts';
import type { FolderVectors } from './folderVectors.ts';
import type { Workspace } from './workspace.ts';

/** What the agent's tool needs, from the server's own parts. */
export function agentPorts(ports: {
  readonly core: Core;
  readonly workspace: Workspace;
  readonly configuration: Configuration;
  readonly indexes: FolderIndexes;
  readonly vectors: FolderVectors;
}): AgentPorts {
  const { core, workspace, configuration, indexes, vectors } = ports;
  return {
    folders: () => workspace.roots().map(({ uri, root }) => ({ root, repository: uri })),
    syntax: core.syntax,
    summarizer: core.summarizer,
    languageOf: (file, text) => languageOf({ path: file, text, overrides: configuration.latest().languages }),
    strategy: (file, shown, signal) => strategyFor('structure', { file, path: shown, uri: shown }, { signal }),
    refusal: gatekeeper(({ root }, file) => workspace.isIgnored(path.join(root, file), configuration.latest().ignore)),
    openIndex: (folder) =>
      openFolderIndex(indexes, (index, query, limit) => vectors.search(index, query, limit), folder),
  };
}
