import { lineAnchor } from './links.ts';
import type { FilePage } from './page.ts';

/** A partition as drawn: its title in the strip, its code as HTML, one element per line. */
export interface CodeBlock {
  readonly title: string;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly html: string;
}

/** The code of a page by partitions; comments are marked, nothing else is coloured, and every character of it is escaped. */
export function codeBlocks(page: FilePage): readonly CodeBlock[] {
  const lines = linesOf(page.text);
  let comment = 0;
  const html = lines.map(({ start, end }, index) => {
    let shown = '';
    let at = start;
    while (at < end) {
      while ((page.comments[comment]?.end ?? Number.POSITIVE_INFINITY) <= at) comment++;
      const next = page.comments[comment];
      const isComment = next !== undefined && next.start <= at;
      const until = Math.min(end, isComment ? next.end : (next?.start ?? end));
      const text = escapeHtml(page.text.slice(at, until));
      shown += isComment ? `<span class="c">${text}</span>` : text;
      at = until;
    }
    // The line's end is inside: it makes no second line break in a block, and copied code keeps its lines.
    return `<span class="l" id="${lineAnchor(index)}" data-n="${index + 1}">${shown}\n</span>`;
  });
  return page.partitions.map(({ startLine, endLine, title }) => ({
    title,
    firstLine: startLine + 1,
    lastLine: endLine,
    html: html.slice(startLine, endLine).join(''),
  }));
}

function linesOf(text: string): readonly { readonly start: number; readonly end: number }[] {
  const lines: { start: number; end: number }[] = [];
  let start = 0;
  for (const match of text.matchAll(/\r\n|\n|\r/g)) {
    lines.push({ start, end: match.index });
    start = match.index + match[0].length;
  }
  lines.push({ start, end: text.length });
  return lines;
}

/** A sentence of a summary for HTML: names between backticks in code font, everything else plain text. */
export function proseHtml(text: string): string {
  return text
    .split(/`([^`\n]{1,120})`/)
    .map((part, index) => (index % 2 === 1 ? `<code>${escapeHtml(part)}</code>` : escapeHtml(part)))
    .join('');
}

/** Text for HTML; what no reader sees but every reader is fooled by (controls, bidirectional marks) is shown as a symbol. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Replaces control and format characters by `�`: all but tabs, which code is indented with. */
function visible(text: string): string {
  return text.replace(/(?!\t)[\p{Cc}\p{Cf}]/gu, '\ufffd');
}
