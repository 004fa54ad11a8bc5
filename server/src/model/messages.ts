import type { BlockReason, ModelError, ModelErrorKind } from '../types/errors.ts';

/**
 * The words for everything that can go wrong between us and a model. One line each: what happened, why, and what mends it.
 * A command is named as the palette shows it.
 */

/** A reason to keep something here, with the one line that says so. */
export interface Block {
  readonly reason: BlockReason;
  readonly message: string;
}

/** What the gate says, by reason. */
export const blockedMessages = {
  untrusted: (name: string): Block => ({
    reason: 'untrusted',
    message: `Nothing was sent to ${name}: this workspace is not trusted. Run "Workspaces: Manage Workspace Trust".`,
  }),
  notChosen: (name: string): Block => ({
    reason: 'notChosen',
    message: `Nothing was sent to ${name}: you have not chosen it. Run "CodeGloss: Select Model".`,
  }),
  notAutomatic: (name: string): Block => ({
    reason: 'notChosen',
    message: `Nothing was sent to ${name} unasked: click Summarize, or turn on codegloss.automatic.`,
  }),
  ignored: (path: string): Block => ({
    reason: 'ignored',
    message: `Nothing was sent: ${path} is kept from models by an ignore file or codegloss.ignore.`,
  }),
  undecidable: (path: string): Block => ({
    reason: 'ignored',
    message: `Nothing was sent: it could not be decided whether ${path} may leave this machine. See "CodeGloss: Show Log".`,
  }),
  credentialFile: (path: string): Block => ({
    reason: 'secret',
    message: `Nothing was sent: ${path} is a file for credentials by its name.`,
  }),
  secret: (path: string, line: number, what: string): Block => ({
    reason: 'secret',
    message: `Nothing was sent: ${path}:${line + 1} looks like a ${what}. If it is none, put codegloss:allow-secret in a comment on that line.`,
  }),
  secretInPrompt: (path: string, what: string): Block => ({
    reason: 'secret',
    message: `Nothing was sent: the context of ${path} holds what looks like a ${what}. Remove it, or ignore its file in codegloss.ignore.`,
  }),
  tooLarge: (path: string, limit: number): Block => ({
    reason: 'tooLarge',
    message: `Nothing was sent: ${path} is over the limit of ${Math.round(limit / 1000)} kB for one request. Summarize its parts.`,
  }),
  notText: (path: string): Block => ({
    reason: 'notText',
    message: `Nothing was sent: ${path} is not text.`,
  }),
};

/** Who answered, for messages: the name people know it by, and the model. */
export interface Answerer {
  readonly name: string;
  readonly model: string;
}

const sentences: Readonly<Record<Exclude<ModelErrorKind, 'blocked' | 'budget'>, (who: Answerer) => string>> = {
  auth: ({ name }) => `${name} refused the API key. Run "CodeGloss: Set API Key".`,
  noKey: ({ name }) =>
    `No API key for ${name} is set. Run "CodeGloss: Set API Key", or "CodeGloss: Select Model" for another model.`,
  rateLimited: ({ name }) => `${name} limits requests at the moment. Try again later.`,
  overloaded: ({ name }) => `${name} is overloaded at the moment. Try again in a minute.`,
  tooLarge: ({ name, model }) =>
    `This is too much text for ${model} at ${name}. Summarize its parts, or run "CodeGloss: Select Model".`,
  refused: ({ model }) => `${model} declined to summarize this. Run "CodeGloss: Select Model" to ask another model.`,
  network: ({ name }) => `${name} cannot be reached. Check the connection and codegloss.endpoint, then ask again.`,
  badAnswer: ({ model }) => `${model} gave no usable answer. Ask again, or run "CodeGloss: Select Model".`,
  unavailable: ({ name, model }) => `${model} is not available at ${name}. Run "CodeGloss: Select Model".`,
  cancelled: () => 'Cancelled.',
};

/** The line for a kind of failure. `blocked` and `budget` errors carry their own. */
export function failureMessage(kind: Exclude<ModelErrorKind, 'blocked' | 'budget'>, who: Answerer): string {
  return sentences[kind](who);
}

/** Commands that mend a failure, for links and the status item. */
export function mendingCommand(error: ModelError): 'setApiKey' | 'selectModel' | 'showLog' | 'manageTrust' | undefined {
  switch (error.kind) {
    case 'auth':
    case 'noKey':
      return 'setApiKey';
    case 'refused':
    case 'tooLarge':
    case 'badAnswer':
      return 'selectModel';
    case 'unavailable':
      return 'selectModel';
    case 'network':
      return 'showLog';
    case 'blocked':
      if (error.reason === 'untrusted') return 'manageTrust';
      return error.reason === 'notChosen' ? 'selectModel' : undefined;
    case 'rateLimited':
    case 'overloaded':
    case 'budget':
    case 'cancelled':
      return undefined;
  }
}
