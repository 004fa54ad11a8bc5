import * as vscode from 'vscode';
import type { EditorModelParams, EditorModelResult } from '../../server/src/protocol.ts';

type Failure = Extract<EditorModelResult, { readonly ok: false }>;

export interface EditorModelPorts {
  readonly token: vscode.CancellationToken;
  /** The first request of an extension makes the editor ask the user; only a user's own command may cause that. */
  readonly mayAskConsent: boolean;
  readonly consent: Consent;
}

/**
 * Which of the editor's models have answered us before, so that asking them shows no dialog. Kept by us: the editor's own
 * `canSendRequest` says yes to everything (VS Code as in code-server 4.139).
 */
export class Consent {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  has({ id }: vscode.LanguageModelChat): boolean {
    return this.#known().includes(id);
  }

  async note({ id }: vscode.LanguageModelChat, isGiven: boolean): Promise<void> {
    const others = this.#known().filter((known) => known !== id);
    const isKnown = others.length < this.#known().length;
    if (isKnown !== isGiven)
      await this.#memory.update(consentKey, isGiven ? [...others, id].slice(-mostModels) : others);
  }

  #known(): readonly string[] {
    return this.#memory.get<readonly string[]>(consentKey, []);
  }
}

const consentKey = 'codegloss.editorModelsAllowed';
const mostModels = 50;

/** Answers `codegloss/editorModel` from the editor's own language models. */
export async function askEditorModel(params: EditorModelParams, ports: EditorModelPorts): Promise<EditorModelResult> {
  try {
    const model = await findModel(params.model);
    if (model === undefined)
      return failure('unavailable', vscode.l10n.t('The editor offers no language model {0}', params.model).trim());
    if (!ports.consent.has(model) && !ports.mayAskConsent) {
      return failure(
        'notAsked',
        vscode.l10n.t('The editor asks for permission with the first summary that you request yourself.'),
      );
    }
    return await askNoting(model, params, ports);
  } catch (error) {
    return failureOf(error);
  }
}

async function askNoting(
  model: vscode.LanguageModelChat,
  params: EditorModelParams,
  { token, consent }: EditorModelPorts,
): Promise<EditorModelResult> {
  try {
    const answer = await ask(model, params, token);
    await consent.note(model, true);
    return answer;
  } catch (error) {
    const isRefused = error instanceof vscode.LanguageModelError && error.code === 'NoPermissions';
    if (isRefused) await consent.note(model, false);
    throw error;
  }
}

/** By id, then by family; any model when none is named. */
async function findModel(name: string): Promise<vscode.LanguageModelChat | undefined> {
  const models = await vscode.lm.selectChatModels();
  if (name === '') return models[0];
  return models.find(({ id }) => id === name) ?? models.find(({ family }) => family === name);
}

async function ask(
  model: vscode.LanguageModelChat,
  { system, user }: EditorModelParams,
  token: vscode.CancellationToken,
): Promise<EditorModelResult> {
  // There is no system role in this interface.
  const messages = [vscode.LanguageModelChatMessage.User(system), vscode.LanguageModelChatMessage.User(user)];
  const response = await model.sendRequest(
    messages,
    { justification: vscode.l10n.t('CodeGloss summarizes the code that you asked about.') },
    token,
  );
  let text = '';
  for await (const part of response.text) text += part;
  const [systemTokens, userTokens, outputTokens] = await Promise.all(
    [system, user, text].map((each) => model.countTokens(each, token)),
  );
  return {
    ok: true,
    text,
    model: model.id,
    inputTokens: (systemTokens ?? 0) + (userTokens ?? 0),
    outputTokens: outputTokens ?? 0,
  };
}

function failure(kind: Failure['kind'], message: string): Failure {
  return { ok: false, kind, message };
}

function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof vscode.LanguageModelError)) return failure('network', message);
  switch (error.code) {
    case 'NoPermissions':
      return failure('auth', message);
    case 'NotFound':
      return failure('unavailable', message);
    case 'Blocked':
      return failure('refused', message);
    default:
      // Providers put their own codes here; quota and rate limits are the ones that mean "later".
      return failure(/rate|quota|limit/i.test(error.code) ? 'rateLimited' : 'network', message);
  }
}
