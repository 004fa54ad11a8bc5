import type { ProviderId, Usage } from './types/summary.ts';
import type { Range } from './types/text.ts';

/**
 * Custom messages between client and server. Names only and types: both sides build their own request objects from these, so that neither
 * drags the other's library in.
 */

/** A command of the client or the editor that mends what a message says. */
export interface MendingCommand {
  readonly title: string;
  readonly command: string;
}

/** Client → server, from Summarize Symbol / Summarize File / refresh links: makes (or remakes) a summary now. Answers when it is there. */
export const summarizeMethod = 'codegloss/summarize';
export interface SummarizeParams {
  readonly uri: string;
  /** 0-based; absent for the whole file. */
  readonly line?: number;
  /** Ask again even if a fresh one exists. */
  readonly refresh?: boolean;
  readonly workDoneToken?: string | number;
}
export interface SummarizeResult {
  /** One line to show, or the one-line reason why there is none. */
  readonly message: string;
  readonly ok: boolean;
  /** What mends the reason. */
  readonly command?: MendingCommand;
}

/**
 * Client → server, from Show Summary and the report: the full summary as Markdown for a read-only document; from Show Context: what a model is
 * told beside the symbol, and why.
 */
export const documentMethod = 'codegloss/summaryDocument';
export interface DocumentParams {
  readonly uri: string;
  readonly line?: number;
  /** `summary` when absent. */
  readonly about?: 'summary' | 'context';
}
export interface DocumentResult {
  readonly markdown: string;
}

/**
 * Client → server, from Insert Module Comment, Insert Doc Comment and Insert Comments: the checked insertion (of Insert Comments, several), or
 * why there is none. The client applies it.
 */
export const commentEditMethod = 'codegloss/commentEdit';
export interface CommentEditParams {
  readonly uri: string;
  readonly kind: 'module' | 'doc' | 'symbols' | 'removeModule';
  /** 0-based; needed for `doc`. */
  readonly line?: number;
  readonly workDoneToken?: string | number;
}
export interface CommentEditResult {
  readonly edit?: { readonly range: Range; readonly newText: string };
  /** Of `symbols`: they do not touch each other. */
  readonly edits?: readonly { readonly range: Range; readonly newText: string }[];
  /** Version of the document the edit was computed for; the client refuses to apply it to another. */
  readonly version?: number;
  readonly message: string;
  /** What mends the reason why there is no edit. */
  readonly command?: MendingCommand;
}

/** Server → client after a manual save whose module comment was not ready in time: insert and save once if version and clean state are unchanged. */
export const lateCommentMethod = 'codegloss/lateComment';
export interface LateCommentParams {
  readonly uri: string;
  readonly version: number;
  readonly edit: { readonly range: Range; readonly newText: string };
}
export interface LateCommentResult {
  readonly applied: boolean;
}

/** Client → server, from Clear Summaries. */
export const clearMethod = 'codegloss/clearSummaries';

/** Server → client when the server's state changed: drives the language status item. */
export const statusMethod = 'codegloss/status';
export interface StatusParams {
  readonly state: 'idle' | 'working' | 'offline' | 'blocked';
  /** One line; for `blocked` and `offline` it says why and what mends it. */
  readonly text: string;
  /** What mends it. */
  readonly command?: MendingCommand;
  readonly provider: ProviderId;
  readonly model: string;
  readonly today: Usage;
}

/** Server → client, before the first remote request: the key from SecretStorage, or null. Never logged. */
export const apiKeyMethod = 'codegloss/apiKey';
export interface ApiKeyParams {
  readonly provider: ProviderId;
}
export interface ApiKeyResult {
  readonly key: string | null;
}

/** Server → client, at each connection to the shared store: its password from SecretStorage, or null. Never logged. */
export const storePasswordMethod = 'codegloss/storePassword';
export interface StorePasswordResult {
  readonly password: string | null;
}

/** Client → server, from Summarize Workspace before the user says yes: what a run over the folder would take. Asks no model. */
export const workspaceForecastMethod = 'codegloss/workspaceForecast';
export interface WorkspaceRunParams {
  /** URI of a workspace folder. */
  readonly folder: string;
}
export type WorkspaceForecastResult =
  | { readonly ok: true; readonly planned: number; readonly looked: number; readonly message: string }
  | { readonly ok: false; readonly message: string };

/** Client → server, from Summarize Workspace after the user said yes: makes what is missing, with progress that can be cancelled. */
export const workspaceRunMethod = 'codegloss/workspaceRun';
export interface WorkspaceRunResult {
  readonly ok: boolean;
  readonly message: string;
  readonly generated?: number;
  readonly reused?: number;
  readonly failed?: number;
}

/** Client → server, from the status item of a run: `{paused}`; nothing new is asked while it is. */
export const pauseWorkspaceMethod = 'codegloss/pauseWorkspaceRun';

/** Client → server when a key was set or cleared (closes the circuit breaker), and when workspace trust was granted. */
export const environmentMethod = 'codegloss/environment';
export interface EnvironmentParams {
  readonly trusted: boolean;
  readonly keysChanged: boolean;
}

/** Server → client: asks one of the editor's own language models (provider `editor`). The client streams nothing; it answers whole. */
export const editorModelMethod = 'codegloss/editorModel';
export interface EditorModelParams {
  readonly model: string;
  readonly system: string;
  readonly user: string;
}
export type EditorModelResult =
  | {
      readonly ok: true;
      readonly text: string;
      readonly model: string;
      readonly inputTokens: number;
      readonly outputTokens: number;
    }
  | {
      readonly ok: false;
      /** `notAsked`: the user was not asked for permission yet, and this request may not ask. */
      readonly kind: 'auth' | 'notAsked' | 'refused' | 'unavailable' | 'rateLimited' | 'network';
      readonly message: string;
    };

/** Client → server, from Show Partitions: boundaries with titles for decorations. */
export const partitionsMethod = 'codegloss/partitions';
export interface PartitionsParams {
  readonly uri: string;
  readonly strategy?: string;
}
export interface PartitionsResult {
  readonly strategy: string;
  /** The boundaries are the user's own, kept with the file's content. */
  readonly edited: boolean;
  /** Strategies whose boundaries the user changed in this file; they are kept each for itself. */
  readonly editedStrategies: readonly string[];
  /** One line to show: why another strategy answered than the one asked for. */
  readonly note?: string;
  readonly partitions: readonly {
    readonly startLine: number;
    readonly endLine: number;
    readonly title: string;
    readonly tokens: number;
    readonly reason?: string;
  }[];
}

/**
 * Client → server, when the user picks a strategy for a file (`choose`), moves, merges or divides its partitions, or takes that strategy's
 * changes back (`reset`). Strategy and boundaries are kept with the file's content; answers the partitions as they now are, null when the edit
 * fits no boundary. Lines are 0-based; a move or division goes to the nearest line where the file may be cut.
 */
export const partitionEditMethod = 'codegloss/partitionEdit';
export interface PartitionEditParams {
  readonly uri: string;
  /** The strategy whose partitions are meant; when absent, the one kept for the file, else the setting's. */
  readonly strategy?: string;
  readonly edit:
    | { readonly kind: 'choose' }
    | { readonly kind: 'move'; readonly from: number; readonly to: number }
    | { readonly kind: 'merge'; readonly line: number }
    | { readonly kind: 'split'; readonly line: number }
    | { readonly kind: 'reset' };
}

/** Client → server, from Move Partition Boundary: the lines (0-based, ascending) at which a partition of this file may begin. */
export const partitionLinesMethod = 'codegloss/partitionLines';
export interface PartitionLinesParams {
  readonly uri: string;
}
export interface PartitionLinesResult {
  readonly lines: readonly number[];
}

/** Client → server, when one of the editor's language models calls a tool of ours. Text for the model: an answer, or what it must ask instead. */
export const agentToolMethod = 'codegloss/agentTool';
export interface AgentToolParams {
  readonly name: string;
  /** Not checked by anyone yet. */
  readonly input: unknown;
}
export interface AgentToolResult {
  readonly ok: boolean;
  readonly text: string;
}

/** Client → server when extensions came or went: the ids among ours that nobody else colours, so that we do. */
export const highlightMethod = 'codegloss/highlight';
export interface HighlightParams {
  readonly languages: readonly string[];
}

/** Client → server, from Correct Summary and its links: what is shown of a place, for editing it. Null where there is nothing. */
export const wordTextMethod = 'codegloss/wordText';
export interface WordTextResult {
  readonly name: string;
  readonly line: string;
  readonly paragraph: string;
  /** Whether the user has had the last word here, so that it can be taken back. */
  readonly hasWord: boolean;
}

/** Client → server, from Correct Summary: the user's last word on a summary. */
export const userWordMethod = 'codegloss/userWord';
export interface UserWordParams {
  readonly uri: string;
  readonly line?: number;
  readonly action:
    | { readonly kind: 'edit'; readonly line: string; readonly paragraph: string }
    | { readonly kind: 'pin' }
    | { readonly kind: 'wrong'; readonly reason: string }
    | { readonly kind: 'takeBack' };
}

/** Client → server, from Share Corrections: the file that the client writes into the folder of a document, because the user said so. */
export const sharedWordsMethod = 'codegloss/sharedWords';
export interface SharedWordsResult {
  /** URI of the folder; empty for a document outside all. */
  readonly folder: string;
  readonly text: string;
}

/** Where in a folder a team's corrections stand. */
export const sharedWordsFile = '.codegloss/words.json';

/** Client → server, from Delete All My Data: closes and deletes everything in the user folder. The client restarts the server afterwards. */
export const deleteAllMethod = 'codegloss/deleteAll';
export interface DeleteAllResult {
  readonly home: string;
  readonly files: number;
}

/** What the client hands over at start, in `initializationOptions`. Other editors leave all of it out. */
export interface InitializationOptions {
  readonly trusted?: boolean;
  /** The user folder; CODEGLOSS_HOME and the platform's cache folder decide when absent. */
  readonly home?: string;
  /** Whether the client answers `apiKeyMethod`, `editorModelMethod`, `lateCommentMethod`, and opens our command links. */
  readonly isOurClient?: boolean;
  /** Editor ids of legacy languages that no other extension navigates; our client registers us for these alone. */
  readonly navigation?: readonly string[];
  /** Language ids among `mumps hlasm asm` that nobody else colours in this editor: they get semantic tokens. None when absent. */
  readonly highlight?: readonly string[];
  /** Settings for clients without `workspace/configuration`: what stands under `codegloss`. */
  readonly settings?: unknown;
}

/** Data of an unresolved lens. */
export interface LensData {
  readonly uri: string;
  readonly version: number;
  readonly symbol: number;
}

/** The editor's own command that mends a workspace which is not trusted. */
export const manageTrustCommand = 'workbench.trust.manage';

/** Commands that links, lenses and status may run; all registered by the client. */
export const commands = {
  summarizeSymbol: 'codegloss.summarizeSymbol',
  summarizeFile: 'codegloss.summarizeFile',
  summarizeWorkspace: 'codegloss.summarizeWorkspace',
  insertModuleComment: 'codegloss.insertModuleComment',
  removeModuleComment: 'codegloss.removeModuleComment',
  insertDocComment: 'codegloss.insertDocComment',
  insertComments: 'codegloss.insertComments',
  showSummary: 'codegloss.showSummary',
  showContext: 'codegloss.showContext',
  showPartitions: 'codegloss.showPartitions',
  choosePartitionStrategy: 'codegloss.choosePartitionStrategy',
  mergePartition: 'codegloss.mergePartition',
  movePartition: 'codegloss.movePartition',
  splitPartition: 'codegloss.splitPartition',
  selectModel: 'codegloss.selectModel',
  setApiKey: 'codegloss.setApiKey',
  clearApiKey: 'codegloss.clearApiKey',
  setStorePassword: 'codegloss.setStorePassword',
  clearSummaries: 'codegloss.clearSummaries',
  correctSummary: 'codegloss.correctSummary',
  showReport: 'codegloss.showReport',
  searchSummaries: 'codegloss.searchSummaries',
  revealInTree: 'codegloss.revealInTree',
  refreshTree: 'codegloss.refreshTree',
  shareCorrections: 'codegloss.shareCorrections',
  deleteAllData: 'codegloss.deleteAllData',
  restartServer: 'codegloss.restartServer',
  showLog: 'codegloss.showLog',
} as const;
