import * as vscode from 'vscode';
import { type AgentToolParams, type AgentToolResult, agentToolMethod } from '../../server/src/protocol.ts';
import { destination, isLocal, readModelSettings } from './modelSettings.ts';
import type { Session } from './session.ts';

/** Tools of ours for the editor's language models; the manifest describes them for a model. */
const names = ['search_code', 'get_code_context', 'get_code_summary', 'get_code_partitions'] as const;
/** May ask the provider that the user chose. */
const asking: ReadonlySet<string> = new Set(['get_code_summary']);

/** What the user is told while a tool runs. */
const running: Readonly<Record<(typeof names)[number], () => string>> = {
  search_code: () => vscode.l10n.t('Searching the code'),
  get_code_context: () => vscode.l10n.t('Gathering context'),
  get_code_summary: () => vscode.l10n.t('Summarizing'),
  get_code_partitions: () => vscode.l10n.t('Dividing the file'),
};

/** Registers the tools where the editor has language model tools. */
export function registerAgentTools(session: Session): vscode.Disposable {
  if (typeof vscode.lm?.registerTool !== 'function') return { dispose: () => undefined };
  return vscode.Disposable.from(
    ...names.map((name) => vscode.lm.registerTool<object>(name, new AgentTool(name, session))),
  );
}

class AgentTool implements vscode.LanguageModelTool<object> {
  readonly #name: (typeof names)[number];
  readonly #session: Session;

  constructor(name: (typeof names)[number], session: Session) {
    this.#name = name;
    this.#session = session;
  }

  /** The user is asked first where the tool may send source to somebody and cost money. */
  prepareInvocation(): vscode.PreparedToolInvocation {
    const settings = readModelSettings();
    const invocationMessage = running[this.#name]();
    if (!asking.has(this.#name) || isLocal(settings)) return { invocationMessage };
    const message = vscode.l10n.t(
      'This sends the source of what is summarized to {0}, unless a summary is already kept, and costs what it charges.',
      destination(settings),
    );
    return {
      invocationMessage,
      confirmationMessages: { title: vscode.l10n.t('Summarize code with CodeGloss?'), message },
    };
  }

  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<object>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const params: AgentToolParams = { name: this.#name, input };
    const { text } = await this.#session.request<AgentToolResult>(agentToolMethod, params, token);
    return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
  }
}
