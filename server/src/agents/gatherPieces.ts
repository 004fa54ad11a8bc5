import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRepositoryContext } from '../context/repositoryContext.ts';
import { repositorySource } from '../context/repositorySource.ts';
import { decodeSource } from '../repository/sourceText.ts';
import { type SummaryDocument, subjectOf } from '../summary/subjects.ts';
import type { ContextPiece } from '../types/summary.ts';
import type { AgentFolder, AgentIndex, AgentPorts } from './agentPorts.ts';

/** Context of a symbol from its file and the index of its folder, as a summary of it would be made with. */
export async function gatherPieces(
  ports: AgentPorts,
  index: AgentIndex,
  meant: {
    readonly folder: AgentFolder;
    readonly document: SummaryDocument;
    readonly index: number;
    readonly budget: number;
  },
  signal: AbortSignal,
): Promise<readonly ContextPiece[]> {
  const { root } = meant.folder;
  const source = repositorySource(index, {
    textOf: async (shown) => {
      const bytes = await readFile(path.join(root, shown)).catch(() => undefined);
      return bytes === undefined ? undefined : decodeSource(bytes)?.text;
    },
    toIndex: ({ path: shown }) => shown,
    fromIndex: (shown) => ({ uri: pathToFileURL(path.join(root, shown)).href, path: shown }),
  });
  const context = createRepositoryContext({
    sourceOf: () => source,
    syntax: ports.syntax,
    lineOf: () => undefined,
    lineAt: () => undefined,
  });
  try {
    return await context.gather(subjectOf(meant.document, meant.index), meant.document.syntax, meant.budget, signal);
  } finally {
    context.dispose();
  }
}
