import type { ReadableIndex } from '../context/repositorySource.ts';
import type { PartitionStrategy } from '../partition/strategy.ts';
import type { SearchHit } from '../repository/searchIndex.ts';
import type { Summarizer } from '../summary/summarizer.ts';
import type { Syntax } from '../syntax/document.ts';
import type { LanguageId } from '../types/outline.ts';

/** A folder that an agent may ask about. */
export interface AgentFolder {
  /** Absolute real path. */
  readonly root: string;
  /** Identity of the repository, as summaries are kept under it. */
  readonly repository: string;
}

/** What the tools ask of an index: one that a window holds open, or a database. */
export interface AgentIndex extends ReadableIndex {
  search(query: string, limit: number): readonly SearchHit[] | Promise<readonly SearchHit[]>;
  close(): void;
}

/** What the tools for agents stand on; wired by the command line (`codegloss mcp`) and by the language server alike. */
export interface AgentPorts {
  /** The folders of this moment; nothing outside them is read. */
  readonly folders: () => readonly AgentFolder[];
  readonly syntax: Pick<Syntax, 'open'>;
  readonly summarizer: Summarizer;
  readonly strategy: (file: string, shown: string, signal: AbortSignal) => Promise<PartitionStrategy>;
  readonly languageOf: (path: string, text: string) => LanguageId | undefined;
  /** The index of a folder, brought up to date. Each that is opened is closed. */
  readonly openIndex: (folder: AgentFolder, signal: AbortSignal) => Promise<AgentIndex>;
  /**
   * Why a text must not be handed out, in one line: ignore rules, credential files, secrets. An agent may send what it gets anywhere, so the
   * rules are those of a request to a remote model.
   */
  readonly refusal: (folder: AgentFolder, path: string, text: string) => Promise<string | undefined>;
}

/** What an agent asked cannot be done; the message is for the agent, in one line, and says what to do instead. */
export class AgentError extends Error {}
