import { targetsOf } from '../bulk/targets.ts';
import type { ContextProvider } from '../context/context.ts';
import { sendable } from '../summary/basis.ts';
import { beginningOf } from '../summary/beginning.ts';
import { subjectOf } from '../summary/subjects.ts';
import { contextTokensFor } from '../summary/summarizer.ts';
import type { Producer, SummaryStyle } from '../types/produce.ts';
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
  readonly style: (uri: string) => SummaryStyle;
}): ContextDocument {
  return async ({ document, symbol }, signal) => {
    if (symbol === undefined) return 'Context belongs to a symbol: place the cursor in a function, class or routine.\n';
    const place = ports.workspace.locate(document.uri);
    const placed = {
      uri: document.uri,
      path: place?.path ?? document.uri,
      repository: place?.repository ?? '',
      syntax: document.syntax,
    };
    const subject = subjectOf(placed, symbol);
    const producer = ports.producer();
    const budget = contextTokensFor(producer);
    // Read before the first await: the document may change.
    const beginning = beginningOf(placed, {
      producer,
      context: ports.context,
      style: ports.style(document.uri),
      together: { ofFile: targetsOf(placed).length, ofRepository: Number.MAX_SAFE_INTEGER },
    });
    const reach = ports.context.reach?.(subject) ?? 'file';
    const gathered = await ports.context.gather(subject, document.syntax, budget, signal);
    const shown = await sendable(gathered, producer, document.uri);
    const tokens = shown.reduce((sum, piece) => sum + piece.tokens, 0);
    const { repository, file } = await beginning();
    const withheld = gathered.length - shown.length;
    return `${[
      `# Context of ${untrusted(subject.symbol?.name ?? '')}`,
      `${shown.length} pieces, about ${tokens} of ${budget} tokens, ${reach === 'repository' ? 'from the repository' : 'from this file alone'}.`,
      ...(withheld === 0 ? [] : [`${withheld} more may not leave this machine and would not be sent.`]),
      ...shown.map(section),
      ...(file === undefined
        ? []
        : [common('The file, before all questions about it when a run asks them together', file.text)]),
      ...(repository === undefined
        ? []
        : [common('The repository, before all questions of a run', repository.join('\n'))]),
    ].join('\n\n')}\n`;
  };
}

/** What the questions of a run over the whole repository share; a single one goes without it. */
function common(title: string, text: string): string {
  return `## ${title}\n\n${fenced(text)}`;
}

function section({ role, path, symbol, range, form, tokens, text, why = '' }: ContextPiece): string {
  const where = untrusted(`${path}:${range.start.line + 1}`);
  const name = symbol === undefined ? role : `${role} ${untrusted(symbol)}`;
  return `## ${name}\n\n${untrusted(why)} · ${where} · ${form}, ${tokens} tokens\n\n${fenced(text)}`;
}

function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}\n${text}\n${fence}`;
}
