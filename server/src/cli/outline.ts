import type { OutlineSymbol } from '../types/outline.ts';
import { type Command, parseArguments } from './arguments.ts';
import { formatOf, formatOptions, overFiles } from './batch.ts';
import { openSyntax } from './session.ts';

export const outlineCommand: Command = {
  usage: 'FILE… [--json|--jsonl]',
  summary: 'lists what files declare: functions, classes, routines, sections',
  async run(context) {
    const { values, positionals } = parseArguments(context.args, formatOptions);
    const syntax = openSyntax();
    try {
      return await overFiles(context, {
        args: positionals,
        format: formatOf(values),
        work: async ({ path, source, language }) => {
          const document = await syntax.open(language, source.text, context.signal);
          const { lines, parseErrors, symbols } = document.outline;
          document.dispose();
          return { path, language, lines, parseErrors, symbols: symbols.map(publicSymbol) };
        },
        text: ({ path, symbols }) => `${path}\n${symbols.map((symbol) => textLine(symbol, symbols)).join('')}`,
      });
    } finally {
      syntax.dispose();
    }
  },
};

type PublicSymbol = Omit<OutlineSymbol, 'docRange'>;

function publicSymbol({ docRange: _, ...symbol }: OutlineSymbol): PublicSymbol {
  return symbol;
}

function textLine(symbol: PublicSymbol, symbols: readonly PublicSymbol[]): string {
  let depth = 1;
  for (let parent = symbol.parent; parent !== undefined; parent = symbols[parent]?.parent) depth += 1;
  return `${'  '.repeat(depth)}${symbol.kind} ${symbol.name}  ${symbol.range.start.line + 1}–${symbol.range.end.line + 1}\n`;
}
