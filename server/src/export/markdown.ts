import { plainLine, untrusted } from '../features/markdown.ts';
import { markdownFile, relativeLink } from './links.ts';
import type { FileEntry, FilePage, PageSummary } from './page.ts';

/** A file's summaries as Markdown, without its code. */
export function markdownPage(page: FilePage): string {
  const parts = page.partitions.map(
    ({ startLine, endLine, title }) => `- lines ${startLine + 1}–${endLine}: ${untrusted(title)}`,
  );
  const symbols = page.symbols.map((symbol) => {
    const head = `${'#'.repeat(Math.min(6, symbol.depth + 3))} ${named(symbol.name)} (${symbol.kind}, lines ${symbol.lines.startLine + 1}–${symbol.lines.endLine})`;
    return `${head}\n\n${said(symbol.summary)}`;
  });
  const sections = [
    `# ${named(page.path)}`,
    said(page.summary),
    ...(parts.length > 1 ? ['## Partitions', parts.join('\n')] : []),
    ...(symbols.length > 0 ? ['## Symbols', ...symbols] : []),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** The list of all files with their lines. */
export function markdownIndex(name: string, files: readonly FileEntry[]): string {
  const rows = files.map(
    ({ path, line }) =>
      `- [${untrusted(path)}](${relativeLink('README.md', markdownFile(path).slice('markdown/'.length))}): ${untrusted(line)}`,
  );
  return `# ${untrusted(name)}\n\n${rows.join('\n')}\n`;
}

function said(summary: PageSummary | undefined): string {
  if (summary === undefined) return '';
  const claims = summary.claims.map(
    ({ text, startLine, endLine }) => `- ${untrusted(text)} (lines ${startLine + 1}–${endLine})`,
  );
  const stale = summary.freshness === 'stale' ? '; outdated' : '';
  return [
    `${untrusted(summary.line)}`,
    untrusted(summary.paragraph),
    claims.join('\n'),
    `*(${untrusted(summary.source)}${stale})*`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** A name in code font: it cannot end its span. */
function named(name: string): string {
  return `\`${plainLine(name.replaceAll('`', "'"))}\``;
}
