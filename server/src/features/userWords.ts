import type { Connection } from 'vscode-languageserver';
import {
  type DeleteAllResult,
  type DocumentParams,
  deleteAllMethod,
  type SharedWordsResult,
  type SummarizeResult,
  sharedWordsMethod,
  type UserWordParams,
  userWordMethod,
  type WordTextResult,
  wordTextMethod,
} from '../protocol.ts';
import type { UserWord, WordPlace } from '../types/userWord.ts';
import { cancellable } from './cancellation.ts';
import type { Documents } from './documents.ts';
import type { Gloss, Target } from './gloss.ts';
import { targetAt } from './requests.ts';
import type { WordPort } from './summarizerPort.ts';

export interface UserWordPorts extends WordPort {
  readonly documents: Documents;
  readonly gloss: Gloss;
  readonly words: {
    set(place: WordPlace, word: UserWord): void;
    drop(place: WordPlace): boolean;
    shared(repository: string): string;
  };
  readonly repositoryOf: (uri: string) => string;
  readonly deleteAll: () => DeleteAllResult;
}

/** The user's last word: what our client's Correct Summary, Share Corrections and Delete All My Data ask for. */
export function registerUserWords(connection: Connection, ports: UserWordPorts): void {
  connection.onRequest(wordTextMethod, (params: DocumentParams, token) =>
    cancellable(token, async (): Promise<WordTextResult | null> => {
      const target = await targetOf(ports, params);
      if (target === undefined) return null;
      const { summary } = ports.gloss.state(target);
      const { document, symbol } = target;
      const name =
        symbol === undefined
          ? decodeURIComponent(document.uri.split('/').at(-1) ?? '')
          : document.syntax.outline.symbols[symbol]?.name;
      return {
        name: name ?? '',
        line: summary?.line ?? '',
        paragraph: summary?.paragraph ?? '',
        hasWord: summary?.word?.by === 'you',
      };
    }),
  );
  connection.onRequest(userWordMethod, (params: UserWordParams, token) =>
    cancellable(token, async (): Promise<SummarizeResult> => {
      const target = await targetOf(ports, params);
      const place = target && ports.placeOf(target);
      if (target === undefined || place === undefined) return { ok: false, message: 'There is no summary here.' };
      return say(ports, target, place, params.action);
    }),
  );
  connection.onRequest(sharedWordsMethod, ({ uri }: DocumentParams): SharedWordsResult => {
    const folder = ports.repositoryOf(uri);
    return { folder, text: ports.words.shared(folder) };
  });
  connection.onRequest(deleteAllMethod, () => ports.deleteAll());
}

function say(
  ports: UserWordPorts,
  target: Target,
  place: WordPlace,
  action: UserWordParams['action'],
): SummarizeResult {
  if (action.kind === 'takeBack') {
    const had = ports.words.drop(place);
    ports.gloss.forgetFailures();
    return { ok: had, message: had ? 'Your correction is taken back.' : 'There is no correction of yours here.' };
  }
  const word = ports.wordFor(target, action);
  if (word === undefined) return { ok: false, message: 'There is no summary here yet.' };
  try {
    ports.words.set(place, word);
  } catch (error) {
    return { ok: false, message: `It could not be kept: ${(error as Error).message}` };
  }
  ports.gloss.forgetFailures();
  return { ok: true, message: said[action.kind] };
}

const said = { edit: 'Your text is kept.', pin: 'The summary is pinned.', wrong: 'The summary is hidden.' } as const;

async function targetOf(ports: UserWordPorts, { uri, line }: DocumentParams): Promise<Target | undefined> {
  const document = await ports.documents.get(uri);
  return document === undefined ? undefined : targetAt(document, line);
}
