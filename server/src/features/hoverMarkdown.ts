import { commands } from '../protocol.ts';
import type { OutlineSymbol } from '../types/outline.ts';
import type { Blocked, TargetState } from './gloss.ts';
import { untrusted } from './markdown.ts';
import { originLine, summaryBody } from './summaryMarkdown.ts';

export interface HoverOptions {
  readonly uri: string;
  /** The author's own first sentence is told where there is no summary. */
  readonly quote: boolean;
  /** Command links work only in our own client. */
  readonly links: boolean;
  readonly refusal: Blocked | undefined;
  /** Whether the summary is only the outline's, told while somebody else works: nothing is kept that could be corrected. */
  readonly isGlance: boolean;
}

/** What is known of a symbol as Markdown: what it says, then in one line who said it and what can be done, then what is wrong with it. */
export function hoverMarkdown(symbol: OutlineSymbol, state: TargetState, options: HoverOptions): string {
  const link = (title: string, command: string) =>
    options.links ? commandLink(title, command, options.uri, symbol.selectionRange.start.line) : '';
  const blocked = state.blocked ?? options.refusal;
  const ask = (title: string) => (blocked === undefined ? link(title, commands.summarizeSymbol) : '');
  const { words, footer } = said(symbol, state, options);
  if (state.summary !== undefined && !options.isGlance) footer.push(link('Correct this', commands.correctSummary));
  if (state.working) footer.push('*Summarizing…*');
  else if (state.freshness === 'absent' && blocked === undefined)
    footer.push(ask('Summarize') || '*Not summarized yet.*');
  const parts = [words, footer.filter((part) => part !== '').join(' · ')].filter((part) => part !== '');
  if (state.note !== undefined) parts.push(`*${untrusted(state.note)}.* ${ask('Refresh')}`.trim());
  if (state.freshness === 'stale') parts.push(`*${staleLine(state)}.* ${ask(staleTitle(state))}`.trim());
  // Beside the author's words only what somebody asked for.
  const isTold = state.blocked !== undefined || parts.length === 0;
  if (blocked !== undefined && !state.working && isTold) parts.push(blockedLine(blocked, link));
  return parts.join('\n\n');
}

function said(
  symbol: OutlineSymbol,
  { summary }: TargetState,
  { uri, quote }: HoverOptions,
): { readonly words: string; readonly footer: string[] } {
  if (summary !== undefined) return { words: summaryBody(summary, uri), footer: [`*${originLine(summary)}*`] };
  if (!quote || symbol.doc === undefined) return { words: '', footer: [] };
  return { words: untrusted(firstSentence(symbol.doc)), footer: ["*the author's comment*"] };
}

function staleLine({ isAnothers, staleReason }: TargetState): string {
  if (isAnothers === true) return 'Another model is chosen now';
  return `Outdated: ${untrusted(staleReason ?? 'the code has changed since')}`;
}

function staleTitle({ isAnothers }: TargetState): string {
  return isAnothers === true ? 'Ask it' : 'Refresh';
}

function blockedLine({ message, command }: Blocked, link: (title: string, command: string) => string): string {
  return `*${untrusted(message)}* ${command === undefined ? '' : link(command.title, command.command)}`.trim();
}

function commandLink(title: string, command: string, uri: string, line: number): string {
  return `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([uri, line]))})`;
}

function firstSentence(text: string): string {
  const paragraph = text.trim().split(/\n\s*\n/)[0] ?? '';
  const sentence = /^[\s\S]*?[.!?](?=\s|$)/.exec(paragraph)?.[0] ?? paragraph;
  return sentence.replace(/\s+/g, ' ').trim();
}
