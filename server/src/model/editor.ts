import type { EditorModelParams, EditorModelResult } from '../protocol.ts';
import { ModelError, type ModelErrorKind } from '../types/errors.ts';
import type { ProduceRequest } from '../types/produce.ts';
import { throwIfAborted } from './clock.ts';
import { failureMessage } from './messages.ts';
import { isJson, schemaInstruction, unwrapJson } from './plainJson.ts';
import type { RemoteModel } from './remoteModel.ts';

/** Asks the client, which asks the editor's language models (`vscode.lm`). The signal cancels the request on its way. */
export type AskEditor = (params: EditorModelParams, signal: AbortSignal) => Promise<EditorModelResult>;

/**
 * The editor's own models. They take no schema and no system role of their own, so the schema is said in words; they are billed by the
 * user's subscription, so tokens are reported and cost is unknown.
 * @param model name of a model of the editor; empty for the editor's choice.
 */
export function editorModel(model: string, ask: AskEditor): RemoteModel {
  const identity = { provider: 'editor', model: model === '' ? 'default' : model } as const;
  const who = { name: 'The editor', model: model === '' ? "The editor's model" : model };
  return {
    identity,
    local: false,
    metered: false,
    outputLimit: (request) => request.maxOutputTokens,
    async produce(request, signal) {
      throwIfAborted(signal);
      const result = await ask({ model, ...textOf(request) }, signal).catch((error: unknown) => {
        if (signal.aborted) throw new ModelError('cancelled', 'Cancelled.', { cause: error });
        throw new ModelError('unavailable', failureMessage('unavailable', who), { cause: error });
      });
      throwIfAborted(signal);
      if (!result.ok) throw new ModelError(kindOf(result), editorFailure(result));
      const usage = { input: result.inputTokens, cached: 0, output: result.outputTokens, cost: null };
      const text = unwrapJson(result.text);
      if (!isJson(text)) throw new ModelError('badAnswer', failureMessage('badAnswer', who), { usage });
      return { kind: 'json', text, producer: { provider: 'editor', model: result.model }, usage };
    },
  };
}

type Failure = Extract<EditorModelResult, { readonly ok: false }>;

function textOf(request: ProduceRequest): Pick<EditorModelParams, 'system' | 'user'> {
  const join = (isSystem: boolean): string =>
    request.prompt
      .filter((block) => (block.role === 'system') === isSystem && block.text !== '')
      .map((block) => block.text)
      .join('\n\n');
  return { system: `${join(true)}\n\n${schemaInstruction(request.schema)}`.trim(), user: join(false) };
}

/** Permission that was only not asked for must not stop the request that may ask. */
function kindOf({ kind }: Failure): ModelErrorKind {
  return kind === 'notAsked' ? 'unavailable' : kind;
}

function editorFailure(result: Failure): string {
  switch (result.kind) {
    case 'auth':
      return 'The editor\'s language models are not allowed for CodeGloss. Allow them in "Manage Language Model Access" of the CodeGloss extension.';
    case 'notAsked':
      return 'The editor asks for permission with the first summary that you request yourself: click Summarize.';
    case 'unavailable':
      return 'The editor offers no language model. Install or sign in to one, or run "CodeGloss: Select Model".';
    case 'refused':
    case 'rateLimited':
    case 'network':
      return failureMessage(result.kind, { name: "The editor's model", model: "The editor's model" });
  }
}
