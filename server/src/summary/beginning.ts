import type { ContextProvider } from '../context/context.ts';
import { type FileText, fileText } from '../context/fileText.ts';
import type { OverviewLine } from '../context/overview.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import type { Producer, SummaryStyle } from '../types/produce.ts';
import { type PromptBeginning, systemText } from './prompt.ts';
import { type SummaryDocument, subjectOf } from './subjects.ts';
import type { Together } from './summarizeOptions.ts';

export interface BeginningPorts {
  readonly producer: Producer;
  readonly context: Pick<ContextProvider, 'overview'>;
  readonly style: SummaryStyle;
  readonly together: Together;
}

/**
 * So much may a beginning add to each request, in tokens at the full price. Twice, for the repository and for the file, it is what the context
 * is shorter by where beginnings are cached: see `contextTokensFor`.
 */
const addedTokens = 250;
/** Prices of cached input by that of plain input (Anthropic; others take nothing for writing). */
const writePrice = 1.25;
const readPrice = 0.1;
/** Tokens of the repository's overview, unless a provider caches longer beginnings only. */
const repositoryTokens = 1_000;
/** Beginnings are held against a provider's minimum by so many characters a token: one that is a little too short costs its full price each time. */
const safeCharacters = 4;
const margin = 1.03;
/** Of an overview's line, for its bar and its end. */
const lineFrame = 3;

const nothing: PromptBeginning = {};

/**
 * What requests that are made together have in common, long enough for the provider's cache and short enough to pay: what the repository is, what
 * the file is. It is for orientation, like the index that the context was chosen with: no part of the key, so that a new function in the file costs
 * nobody a summary. Nothing for a single question, and nothing where no cache makes it cheap. Reads the document at once, and all else when its
 * answer is called.
 */
export function beginningOf(document: SummaryDocument, ports: BeginningPorts): () => Promise<PromptBeginning> {
  const { producer, style, context, together } = ports;
  const { promptCache } = producer;
  if (promptCache?.inTurn !== true || together.ofRepository < 2) return async () => nothing;
  const least = promptCache.leastTokens * safeCharacters * margin;
  const system = systemText(style).length;
  const file = together.ofFile < 2 ? undefined : fileTextOf(document, tokensThatPay(together.ofFile), style);
  const subject = subjectOf(document, 'file');
  const pays = (characters: number, questions: number): boolean =>
    characters >= least && costOf(characters, questions) <= (system + addedTokens * safeCharacters) * questions;
  return async () => {
    const wanted = Math.max(repositoryTokens * safeCharacters, least - system);
    const overview = (await context.overview?.(subject)) ?? [];
    const repository = await sendableLines(overview, wanted, producer, document);
    const own = file !== undefined && (await isSendable(file.text, document, producer)) ? file : undefined;
    const about = system + repository.reduce((sum, line) => sum + line.length + lineFrame, 0);
    if (pays(about, together.ofRepository)) return { repository, ...(own === undefined ? {} : { file: own }) };
    // A small repository says too little for a beginning of its own: then each file's is written anew.
    if (own === undefined) return nothing;
    if (pays(system + own.text.length, together.ofFile)) return { file: own };
    return pays(about + own.text.length, together.ofFile) ? { repository, file: own } : nothing;
  };
}

/** What a text costs so many questions, written by the first and read by all others, as that many characters at the full price. */
function costOf(size: number, questions: number): number {
  return size * (writePrice + readPrice * (questions - 1));
}

/** Tokens of a file that cost its questions no more than `addedTokens` each. */
export function tokensThatPay(questions: number): number {
  return Math.floor((addedTokens * questions) / costOf(1, questions));
}

interface Memo {
  readonly text: string;
  readonly comments: SummaryStyle['comments'];
  readonly tokens: number;
  readonly file: FileText | undefined;
}

/** Every symbol of a file asks for it. */
const memos = new WeakMap<SyntaxDocument, Memo>();

function fileTextOf({ syntax }: SummaryDocument, tokens: number, { comments }: SummaryStyle): FileText | undefined {
  const { text } = syntax;
  const known = memos.get(syntax);
  if (known?.text === text && known.comments === comments && known.tokens === tokens) return known.file;
  const file = fileText(syntax, { tokens, comments: comments ?? 'keep' });
  memos.set(syntax, { text, comments, tokens, file });
  return file;
}

/** By the path of the document. The gate remembers its scans, and what is ignored may change at any time: the answer is not kept. */
async function isSendable(text: string, { path, uri }: SummaryDocument, producer: Producer): Promise<boolean> {
  return (await producer.blockOfText?.(path, text, uri)) === undefined;
}

/** The first lines that may be sent, each by the paths that it tells of, up to a number of characters. */
async function sendableLines(
  overview: readonly OverviewLine[],
  characters: number,
  producer: Producer,
  document: SummaryDocument,
): Promise<readonly string[]> {
  const found: string[] = [];
  let left = characters;
  for (const { paths, text } of overview) {
    if (left <= 0) break;
    const blocks = await Promise.all(paths.map((path) => producer.blockOfText?.(path, text, document.uri)));
    if (blocks.some((block) => block !== undefined)) continue;
    found.push(text);
    left -= text.length + lineFrame;
  }
  // Lines that are harmless alone may look like a secret together, and then no question would pass the gate.
  return (await isSendable(found.join('\n'), document, producer)) ? found : [];
}
