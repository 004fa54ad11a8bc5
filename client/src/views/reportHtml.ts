import type { PartitionsResult, ReportResult, ReportSummary } from '../../../server/src/protocol.ts';

export interface ReportAssets {
  /** Source for the content security policy. */
  readonly cspSource: string;
  readonly style: string;
  readonly script: string;
  readonly nonce: string;
}

export interface ReportData {
  readonly report: ReportResult;
  readonly partitions: PartitionsResult['partitions'];
}

/**
 * The report of a file as a page. All text is untrusted and escaped here, at its only way into the page; the page may load our style and our
 * script, and nothing else from anywhere.
 */
export function reportHtml({ report, partitions }: ReportData, assets: ReportAssets): string {
  const policy = `default-src 'none'; style-src ${assets.cspSource}; script-src 'nonce-${assets.nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${assets.style}">
<title>${text(report.name)}</title>
</head>
<body>
<main>
<h1>${text(report.name)}</h1>
<p class="facts">${text(report.language)}, ${report.lines} lines, ${report.outline.length} symbols</p>
${moduleSection(report.module)}
<div class="columns">
${partitionSection(partitions)}
${outlineSection(report.outline)}
</div>
${basisSection(report.module)}
</main>
<script nonce="${assets.nonce}" src="${assets.script}"></script>
</body>
</html>`;
}

/** Text for HTML. Control characters and marks that reorder or hide text become a visible sign. */
export function text(untrusted: string): string {
  return untrusted
    .replace(/(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd')
    .replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Like `text`, with the names that a summary puts between backticks in code font. */
function prose(untrusted: string): string {
  return untrusted
    .split(/(`[^`\n]{1,120}`)/)
    .map((part, index) => (index % 2 === 1 ? `<code>${text(part.slice(1, -1))}</code>` : text(part)))
    .join('');
}

function moduleSection(module: ReportSummary): string {
  const notes = module.notes.map((note) => `<p class="note">${text(note)}</p>`).join('\n');
  const body =
    module.line === ''
      ? '<p>Nothing has been said of this file yet.</p>'
      : `<p class="line">${prose(module.line)}</p>\n${module.paragraph === module.line ? '' : `<p>${prose(module.paragraph)}</p>`}${claimList(module)}
<p class="source">${text(module.source)}</p>`;
  const label = module.line === '' ? 'Summarize this file' : 'Summarize again';
  return `<section aria-labelledby="what"><h2 id="what">What it does</h2>
${notes}
${body}
<p class="actions"><button type="button" data-action="summarize">${label}</button> <button type="button" data-action="correct">Correct</button></p>
</section>`;
}

function claimList({ claims }: ReportSummary): string {
  if (claims.length === 0) return '';
  const items = claims.map((claim) => `<li>${prose(claim.text)} ${lineButton(claim.startLine, claim.endLine)}</li>`);
  return `\n<ul class="claims">\n${items.join('\n')}\n</ul>`;
}

function lineButton(startLine: number, endLine: number): string {
  const first = startLine + 1;
  const label = endLine - startLine <= 1 ? `line ${first}` : `lines ${first}–${endLine}`;
  return `<button type="button" class="jump" data-line="${startLine}">${label}</button>`;
}

/** Each partition as high as it is long; the script sets the heights, because the policy forbids styles in the page. */
function partitionSection(partitions: ReportData['partitions']): string {
  const items = partitions.map(
    ({ startLine, endLine, title, tokens }) =>
      `<li data-lines="${endLine - startLine}"><button type="button" data-line="${startLine}"><span class="title">${text(title)}</span> <span class="span">lines ${startLine + 1}–${endLine}, ${tokens} tokens</span></button></li>`,
  );
  const none = '<p>This file is not divided.</p>';
  return `<section class="partitions" aria-labelledby="parts"><h2 id="parts">Partitions</h2>
${items.length === 0 ? none : `<ol>\n${items.join('\n')}\n</ol>`}
</section>`;
}

function outlineSection(outline: ReportResult['outline']): string {
  const rows = outline.map(({ name, kind, startLine, line, freshness, depth }) => {
    const state = freshness === 'stale' ? ' <span class="stale">outdated</span>' : '';
    return `<li class="depth-${Math.min(depth, 6)}"><button type="button" data-line="${startLine}">${text(name === '' ? '(unnamed)' : name)}</button> <span class="kind">${text(kind)}</span>${state}<span class="said">${prose(line)}</span></li>`;
  });
  const none = '<p>This file declares nothing that CodeGloss lists.</p>';
  return `<section class="outline" aria-labelledby="declares"><h2 id="declares">Outline</h2>
${rows.length === 0 ? none : `<ul>\n${rows.join('\n')}\n</ul>`}
</section>`;
}

function basisSection(module: ReportSummary): string {
  if (module.line === '') return '';
  const pieces = module.basis.map(
    ({ role, path, symbol }) => `<li>${text(role)}: ${text(symbol === undefined ? path : `${symbol} in ${path}`)}</li>`,
  );
  const basis =
    pieces.length === 0 ? '<p>The file itself and the lines of its parts.</p>' : `<ul>\n${pieces.join('\n')}\n</ul>`;
  return `<section aria-labelledby="basis"><h2 id="basis">What it stands on</h2>
${basis}
<p class="facts">${text(costOf(module))}</p>
</section>`;
}

function costOf({ usage, createdAt }: ReportSummary): string {
  const made =
    createdAt === undefined || createdAt === 0
      ? []
      : [`made ${new Date(createdAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`];
  if (usage === undefined || usage.input + usage.output === 0) return [...made, 'no tokens, no cost'].join('; ');
  const money = usage.cost === null ? 'cost unknown' : `${usage.cost.toFixed(4)} US dollars`;
  return [...made, `${usage.input} tokens read (${usage.cached} from a cache), ${usage.output} written`, money].join(
    '; ',
  );
}
