import * as vscode from 'vscode';

/** What the suites steer and read: the one model of the vendor `codegloss-test`. */
export interface Companion {
  /** Answers the next prompts. */
  answer: (prompt: string) => string;
  readonly prompts: string[];
}

/** The parts of the provider interface (final since VS Code 1.104) that the oldest editor's typings lack. */
interface ModelProvider {
  provideLanguageModelChatInformation(): readonly object[];
  provideLanguageModelChatResponse(
    model: object,
    messages: readonly { readonly content: readonly unknown[] }[],
    options: object,
    progress: vscode.Progress<vscode.LanguageModelTextPart>,
  ): Promise<void>;
  provideTokenCount(model: object, text: unknown): Promise<number>;
}
interface ModelRegistry {
  registerLanguageModelChatProvider?(vendor: string, provider: ModelProvider): vscode.Disposable;
}

/** What the model says until a suite has it say something else. */
const plainAnswer = JSON.stringify({ line: 'The companion says so.', paragraph: 'The companion says so.', claims: [] });

const model = { version: '1', maxInputTokens: 100_000, maxOutputTokens: 4_000, capabilities: {} };

export function activate(context: vscode.ExtensionContext): Companion {
  const companion: Companion = { answer: () => plainAnswer, prompts: [] };
  const registration = (vscode.lm as ModelRegistry).registerLanguageModelChatProvider?.('codegloss-test', {
    provideLanguageModelChatInformation: () => [
      { ...model, id: 'gloss-1', name: 'Gloss 1', family: 'gloss' },
      // The editor asks the user before it lets another extension use this one.
      { ...model, id: 'gloss-locked', name: 'Gloss Locked', family: 'locked', requiresAuthorization: true },
    ],
    async provideLanguageModelChatResponse(_model, messages, _options, progress) {
      const prompt = messages
        .flatMap(({ content }) => content)
        .map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : ''))
        .join('\n');
      companion.prompts.push(prompt);
      progress.report(new vscode.LanguageModelTextPart(companion.answer(prompt)));
    },
    provideTokenCount: async (_model, text) => Math.ceil(String(text).length / 4),
  });
  // What an agent in a chat does; here a person looks at what the editor asks before.
  context.subscriptions.push(
    vscode.commands.registerCommand('codegloss-test.askTool', async () => {
      const input = { path: 'parse.ts', symbol: 'parse' };
      try {
        const { content } = await vscode.lm.invokeTool('get_code_summary', { input, toolInvocationToken: undefined });
        const said = content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
        void vscode.window.showInformationMessage(`The tool said: ${said}`);
      } catch (error) {
        void vscode.window.showInformationMessage(`The tool was not used: ${String(error)}`);
      }
    }),
  );
  if (registration !== undefined) context.subscriptions.push(registration);
  return companion;
}
