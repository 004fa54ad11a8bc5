import type { PartitionsResult } from '../../../server/src/protocol.ts';
import type { ReportResult, ReportSummary } from '../../../server/src/protocolViews.ts';

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

/** The editor's translations, as `vscode.l10n` has them. */
export interface Words {
  t(message: string, ...values: (string | number)[]): string;
}

/**
 * The page around a report. It may load our style and our script, and nothing else from anywhere. Later reports are sent to the script as
 * `{ body, said }`, because a page that is loaded anew takes the reader's place, and a screen reader's, away.
 *
 * @param language of the words, as a tag
 */
export function reportPage(data: ReportData, assets: ReportAssets, l10n: Words, language: string): string {
  const policy = `default-src 'none'; base-uri 'none'; form-action 'none'; style-src ${assets.cspSource}; script-src 'nonce-${assets.nonce}'`;
  return `<!DOCTYPE html>
<html lang="${text(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${assets.style}">
<title>${text(data.report.name)}</title>
</head>
<body>
<p class="unseen" role="status" id="said"></p>
<main>
${reportBody(data, l10n)}
</main>
<script nonce="${assets.nonce}" src="${assets.script}"></script>
</body>
</html>`;
}

/** The report of a file as HTML. All text is untrusted and escaped here, at its only way into the page. */
export function reportBody({ report, partitions }: ReportData, l10n: Words): string {
  const facts = l10n.t('{0}, {1} lines, {2} symbols', report.language, report.lines, report.outline.length);
  return `<h1>${text(report.name)}</h1>
<p class="facts">${text(facts)}</p>
${moduleSection(report.module, l10n)}
<div class="columns">
${partitionSection(partitions, l10n)}
${outlineSection(report.outline, l10n)}
</div>
${basisSection(report.module, l10n)}`;
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

function moduleSection(module: ReportSummary, l10n: Words): string {
  const notes = module.notes.map((note) => `<p class="note">${text(note)}</p>`).join('\n');
  const body =
    module.line === ''
      ? `<p>${text(l10n.t('Nothing has been said of this file yet.'))}</p>`
      : `<p class="line">${prose(module.line)}</p>\n${module.paragraph === module.line ? '' : `<p>${prose(module.paragraph)}</p>`}${claimList(module, l10n)}
<p class="source">${text(module.source)}</p>`;
  const label = module.line === '' ? l10n.t('Summarize this file') : l10n.t('Summarize again');
  return `<section aria-labelledby="what"><h2 id="what">${text(l10n.t('What it does'))}</h2>
${notes}
${body}
<p class="actions"><button type="button" data-action="summarize">${text(label)}</button> <button type="button" data-action="correct">${text(l10n.t('Correct'))}</button></p>
</section>`;
}

function claimList({ claims }: ReportSummary, l10n: Words): string {
  if (claims.length === 0) return '';
  const items = claims.map(
    (claim) => `<li>${prose(claim.text)} ${lineButton(claim.startLine, claim.endLine, l10n)}</li>`,
  );
  return `\n<ul class="claims">\n${items.join('\n')}\n</ul>`;
}

function lineButton(startLine: number, endLine: number, l10n: Words): string {
  const first = startLine + 1;
  const label = endLine - startLine <= 1 ? l10n.t('line {0}', first) : l10n.t('lines {0}–{1}', first, endLine);
  return `<button type="button" class="jump" data-line="${startLine}">${text(label)}</button>`;
}

/** Each partition as high as it is long; the script sets the heights, because the policy forbids styles in the page. */
function partitionSection(partitions: ReportData['partitions'], l10n: Words): string {
  const items = partitions.map(({ startLine, endLine, title, tokens }) => {
    const span = l10n.t('lines {0}–{1}, {2} tokens', startLine + 1, endLine, tokens);
    return `<li data-lines="${endLine - startLine}"><button type="button" data-line="${startLine}"><span class="title">${text(title)}</span> <span class="span">${text(span)}</span></button></li>`;
  });
  const none = `<p>${text(l10n.t('This file is not divided.'))}</p>`;
  return `<section class="partitions" aria-labelledby="parts"><h2 id="parts">${text(l10n.t('Partitions'))}</h2>
${items.length === 0 ? none : `<ol>\n${items.join('\n')}\n</ol>`}
</section>`;
}

function outlineSection(outline: ReportResult['outline'], l10n: Words): string {
  const outdated = text(l10n.t('outdated'));
  const unnamed = l10n.t('(unnamed)');
  const rows = outline.map(({ name, kind, startLine, line, freshness, depth }) => {
    const state = freshness === 'stale' ? ` <span class="stale">${outdated}</span>` : '';
    return `<li class="depth-${Math.min(depth, 6)}"><button type="button" data-line="${startLine}">${text(name === '' ? unnamed : name)}</button> <span class="kind">${text(kind)}</span>${state}<span class="said">${prose(line)}</span></li>`;
  });
  const none = `<p>${text(l10n.t('This file declares nothing that CodeGloss lists.'))}</p>`;
  return `<section class="outline" aria-labelledby="declares"><h2 id="declares">${text(l10n.t('Outline'))}</h2>
${rows.length === 0 ? none : `<ul>\n${rows.join('\n')}\n</ul>`}
</section>`;
}

function basisSection(module: ReportSummary, l10n: Words): string {
  if (module.line === '') return '';
  const pieces = module.basis.map(({ role, path, symbol }) => {
    const where = symbol === undefined ? path : l10n.t('{0} in {1}', symbol, path);
    return `<li>${text(`${role}: ${where}`)}</li>`;
  });
  const itself = `<p>${text(l10n.t('The file itself and the lines of its parts.'))}</p>`;
  return `<section aria-labelledby="basis"><h2 id="basis">${text(l10n.t('What it stands on'))}</h2>
${pieces.length === 0 ? itself : `<ul>\n${pieces.join('\n')}\n</ul>`}
<p class="facts">${text(costOf(module, l10n))}</p>
</section>`;
}

function costOf({ usage, createdAt }: ReportSummary, l10n: Words): string {
  const made =
    createdAt === undefined || createdAt === 0
      ? []
      : [l10n.t('made {0} UTC', new Date(createdAt).toISOString().slice(0, 16).replace('T', ' '))];
  if (usage === undefined || usage.input + usage.output === 0)
    return [...made, l10n.t('no tokens, no cost')].join('; ');
  const { input, cached, output, cost } = usage;
  const tokens = l10n.t('{0} tokens read ({1} from a cache), {2} written', input, cached, output);
  const money = cost === null ? l10n.t('cost unknown') : l10n.t('{0} US dollars', cost.toFixed(4));
  return [...made, tokens, money].join('; ');
}
