import type { ContextProvider } from '../context/context.ts';
import { sendable } from '../summary/basis.ts';
import { subjectOf } from '../summary/subjects.ts';
import { defaultContextTokens } from '../summary/summarizer.ts';
import type { Producer } from '../types/produce.ts';
import type { ContextPiece } from '../types/summary.ts';
import type { Target } from './gloss.ts';
import { untrusted } from './markdown.ts';
import type { Workspace } from './workspace.ts';

/** What a model is told beside a symbol, piece by piece and why, as Markdown. */
export type ContextDocument = (target: Target, signal: AbortSignal) => Promise<string>;

export function contextDocument(ports: {
  readonly context: ContextProvider;
  readonly producer: () => Producer;
  readonly workspace: Workspace;
}): ContextDocument {
  return async ({ document, symbol }, signal) => {
    if (symbol === undefined) return 'Context belongs to a symbol: place the cursor in a function, class or routine.\n';
    const place = ports.workspace.locate(document.uri);
    const subject = subjectOf(
      {
        uri: document.uri,
        path: place?.path ?? document.uri,
        repository: place?.repository ?? '',
        syntax: document.syntax,
      },
      symbol,
    );
    const reach = ports.context.reach?.(subject) ?? 'file';
    const gathered = await ports.context.gather(subject, document.syntax, defaultContextTokens, signal);
    const shown = await sendable(gathered, ports.producer(), document.uri);
    const tokens = shown.reduce((sum, piece) => sum + piece.tokens, 0);
    const withheld = gathered.length - shown.length;
    return `${[
      `# Context of ${untrusted(subject.symbol?.name ?? '')}`,
      `${shown.length} pieces, about ${tokens} of ${defaultContextTokens} tokens, ${reach === 'repository' ? 'from the repository' : 'from this file alone'}.`,
      ...(withheld === 0 ? [] : [`${withheld} more may not leave this machine and would not be sent.`]),
      ...shown.map(section),
    ].join('\n\n')}\n`;
  };
}

function section({ role, path, symbol, range, form, tokens, text, why = '' }: ContextPiece): string {
  const where = untrusted(`${path}:${range.start.line + 1}`);
  const name = symbol === undefined ? role : `${role} ${untrusted(symbol)}`;
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `## ${name}\n\n${untrusted(why)} · ${where} · ${form}, ${tokens} tokens\n\n${fence}\n${text}\n${fence}`;
}
