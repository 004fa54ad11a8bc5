import type { Connection } from 'vscode-languageserver';
import { AgentError, type AgentFolder, type AgentIndex, type AgentPorts } from '../agents/agentPorts.ts';
import { runAgentTool } from '../agents/agentTools.ts';
import { type AgentToolParams, type AgentToolResult, agentToolMethod } from '../protocol.ts';
import type { RepositoryIndex } from '../repository/repositoryIndex.ts';
import type { SearchHit } from '../repository/searchIndex.ts';
import { isCancellation } from '../types/errors.ts';
import { cancellable } from './cancellation.ts';
import type { FolderIndexes } from './folderIndexes.ts';

/** The tools for agents, asked for by the editor's language models through our client. */
export function registerAgentTool(connection: Connection, ports: AgentPorts): void {
  connection.onRequest(agentToolMethod, (params: AgentToolParams, token) =>
    cancellable(token, async (signal): Promise<AgentToolResult> => {
      try {
        return { ok: true, text: await runAgentTool(ports, params, signal) };
      } catch (error) {
        if (isCancellation(error) || signal.aborted) throw error;
        return { ok: false, text: (error as Error).message };
      }
    }),
  );
}

/** The index that the window holds open; the first question waits until it has been built. */
export async function openFolderIndex(
  indexes: FolderIndexes,
  search: (index: RepositoryIndex, query: string, limit: number) => Promise<readonly SearchHit[]>,
  { repository }: AgentFolder,
): Promise<AgentIndex> {
  const folder = indexes.all().find(({ uri }) => uri === repository);
  if (folder === undefined) throw new AgentError('this folder has no index: it is no repository, or not on this disk.');
  const { index } = folder;
  await index.ready;
  return {
    graph: index.graph,
    database: index.database,
    similar: (text, limit) => index.similar(text, limit),
    search: (query, limit) => search(index, query, limit),
    close: () => undefined,
  };
}
