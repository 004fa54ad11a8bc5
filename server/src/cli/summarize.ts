import type { Core } from '../core.ts';
import { partsOf, type SummaryDocument } from '../summary/subjects.ts';
import { TokenTally } from '../summary/tokenTally.ts';
import type { Claim, Freshness, ProducerIdentity, StoredSummary, Usage } from '../types/summary.ts';
import type { Range } from '../types/text.ts';
import { type Command, type CommandContext, parseArguments } from './arguments.ts';
import { formatOf, formatOptions, overFiles } from './batch.ts';
import type { ReadFile } from './files.ts';
import { indexPatienceMs, openRepositories } from './repositories.ts';
import { documentOf, openCore, partitionOptions, partitionUsage, providerOptions, settingsFrom } from './session.ts';

interface PublicSummary {
  readonly symbol: string | null;
  readonly kind: string;
  readonly range: Range;
  readonly line: string;
  readonly paragraph: string;
  readonly claims: readonly Claim[];
  readonly freshness: Freshness;
  readonly producer: ProducerIdentity;
  readonly usage: Usage;
}

interface Result {
  readonly path: string;
  readonly summaries: readonly PublicSummary[];
  readonly module?: PublicSummary;
}

export const summarizeCommand: Command = {
  usage: `PATH[:LINE]… [--provider P] [--model M] [--endpoint URL] [--ask-model] ${partitionUsage} [--json|--jsonl]`,
  summary: 'says what files, or the symbol at a line, do',
  async run(context) {
    const { values, positionals } = parseArguments(context.args, {
      ...formatOptions,
      ...providerOptions,
      ...partitionOptions,
    });
    const settings = settingsFrom(values);
    const repositories = openRepositories(context);
    const tokens = new TokenTally();
    const core = openCore(context, settings, {
      sourceOf: repositories.sourceOf,
      onTokens: (event) => tokens.add(event),
    });
    try {
      return await overFiles(context, {
        args: positionals,
        format: formatOf(values),
        work: async (file) => {
          // The outline reads nothing beyond the file; whoever else answers is worth a short wait for the index.
          if (core.producer().identity.provider !== 'outline') await repositories.prepare(file.file, indexPatienceMs);
          return summarizeFile(context, core, file);
        },
        text: printed,
      });
    } finally {
      const line = tokens.line();
      if (line !== undefined) context.output.err(`codegloss: ${line}\n`);
      core.dispose();
      repositories.dispose();
    }
  },
};

async function summarizeFile(context: CommandContext, core: Core, file: ReadFile): Promise<Result> {
  const syntax = await core.syntax.open(file.language, file.source.text, context.signal);
  try {
    const document = documentOf(context, file, syntax);
    return file.line === undefined
      ? await wholeFile(context, core, document)
      : await oneSymbol(context, core, document, file.line);
  } finally {
    syntax.dispose();
  }
}

async function oneSymbol(
  context: CommandContext,
  core: Core,
  document: SummaryDocument,
  line: number,
): Promise<Result> {
  const index = document.syntax.symbolAt(line);
  if (index === undefined)
    throw new Error(`line ${line + 1} is in no function, class or routine: leave the line out for the whole file.`);
  const summary = await core.summarizer.summarize(document, index, { priority: 'hover', signal: context.signal });
  return { path: document.path, summaries: [publicSummary(document, index, summary)] };
}

/** The file bottom-up; then its parts as they stand, nested ones included. */
async function wholeFile(context: CommandContext, core: Core, document: SummaryDocument): Promise<Result> {
  const summary = await core.summarizer.summarize(document, 'file', {
    priority: 'file',
    signal: context.signal,
    onProgress: (done, total) => {
      if (context.output.isTerminal && total > 1)
        context.output.err(`\r\x1b[K${document.path.slice(-50)} ${done}/${total}`);
    },
  });
  const summaries: PublicSummary[] = [];
  const visit = (owner: number | undefined): void => {
    for (const index of partsOf(document, owner)) {
      const view = core.summarizer.peek(document, index);
      if (view.summary !== undefined) summaries.push(publicSummary(document, index, view.summary, view.freshness));
      visit(index);
    }
  };
  visit(undefined);
  return { path: document.path, summaries, module: publicSummary(document, undefined, summary) };
}

function publicSummary(
  document: SummaryDocument,
  index: number | undefined,
  summary: StoredSummary,
  freshness: Freshness = 'fresh',
): PublicSummary {
  const symbol = index === undefined ? undefined : document.syntax.outline.symbols[index];
  const { line, paragraph, claims, producer, usage } = summary;
  const end = document.syntax.positionAt(document.syntax.text.length);
  return {
    symbol: symbol?.name ?? null,
    kind: symbol?.kind ?? 'file',
    range: symbol?.range ?? { start: { line: 0, character: 0 }, end },
    line,
    paragraph,
    claims,
    freshness,
    producer,
    usage,
  };
}

function printed({ path, summaries, module }: Result): string {
  const head = module === undefined ? `${path}\n` : `${path}: ${module.line}\n`;
  const lines = summaries.map((summary) => {
    const details = module === undefined && summary.paragraph !== '' ? `\n    ${summary.paragraph}` : '';
    const claims =
      module === undefined
        ? summary.claims.map((claim) => `\n    - ${claim.text} (${claim.startLine + 1}–${claim.endLine})`).join('')
        : '';
    return `  ${summary.range.start.line + 1}  ${summary.symbol}: ${summary.line}${details}${claims}\n`;
  });
  return head + lines.join('');
}
