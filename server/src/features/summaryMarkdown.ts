import type { ProducerIdentity, StoredSummary } from '../types/summary.ts';
import { untrusted } from './markdown.ts';

/**
 * A summary as Markdown for hover, document and report: the text escaped, lines that support it as links to the file (links are made here
 * from numbers, never taken from the text).
 */
export function summaryMarkdown(summary: StoredSummary, uri: string): string {
  return `${summaryBody(summary, uri)}\n\n*${originLine(summary)}*`;
}

/** The same without who said it. */
export function summaryBody(summary: StoredSummary, uri: string): string {
  const parts = [`**${untrusted(summary.line)}**`];
  if (summary.paragraph !== '' && summary.paragraph !== summary.line) parts.push(untrusted(summary.paragraph));
  if (summary.claims.length > 0) {
    parts.push(
      summary.claims
        .map((claim) => `- ${untrusted(claim.text)} ${lineLink(uri, claim.startLine, claim.endLine)}`)
        .join('\n'),
    );
  }
  return parts.join('\n\n');
}

/** Who spoke, in the same words everywhere. */
export function originLine(summary: StoredSummary): string {
  const by = summary.word?.by === 'team' ? 'the team' : 'you';
  const maker = makerOf(summary, by);
  return summary.word?.kind === 'pinned' ? `${maker}; pinned by ${by}` : maker;
}

function makerOf(summary: StoredSummary, by: string): string {
  switch (summary.origin) {
    case 'user':
      return `written by ${by}`;
    case 'author':
      return "the author's comment";
    case 'outline':
      return 'read off the code, no model asked';
    case 'model':
      return `by ${untrusted(nameOf(summary.producer))}; may be incorrect${leftOut(summary)}`;
    default:
      return summary.origin satisfies never;
  }
}

/** Who would be named to a person: our own model's name says nothing to anybody. */
export function nameOf({ provider, model }: ProducerIdentity): string {
  return provider === 'embedded' ? 'the embedded model' : provider === 'outline' ? 'the outline' : model;
}

/** What the source did not bear out is not shown, but that there was some says how far to trust the rest. */
function leftOut({ droppedClaims }: StoredSummary): string {
  if (droppedClaims === 0) return '';
  return `; ${droppedClaims} ${droppedClaims === 1 ? 'statement' : 'statements'} left out that the source does not bear out`;
}

function lineLink(uri: string, startLine: number, endLine: number): string {
  const first = startLine + 1;
  const label = endLine - startLine <= 1 ? `line ${first}` : `lines ${first}–${endLine}`;
  return `[${label}](${encodeURI(uri).replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'))}#L${first})`;
}
