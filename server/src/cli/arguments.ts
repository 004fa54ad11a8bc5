import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Wrong usage: exit code 2 and the usage line. */
export class UsageError extends Error {}

export interface Output {
  /** Standard output: the answer and nothing else. */
  readonly out: (text: string) => void;
  /** Standard error: everything for people. */
  readonly err: (text: string) => void;
  readonly isTerminal: boolean;
}

/** What a command gets: its arguments, where to write, and what the process would otherwise read in its middle. */
export interface CommandContext {
  readonly args: readonly string[];
  readonly output: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** One command of `codegloss`. Returns the exit code: 0 done, 1 failed. Throws `UsageError` for wrong usage. */
export interface Command {
  readonly usage: string;
  readonly summary: string;
  run(context: CommandContext): Promise<number>;
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Options and positional arguments; unknown or malformed ones are wrong usage. */
export function parseArguments<T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node explains in several lines what is one mistake.
    throw new UsageError((error as Error).message.replace(/\s*\n\s*/g, ' '));
  }
}

/** A whole number from an option. */
export function integerOption(name: string, value: string | undefined, minimum: number, fallback: number): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!Number.isInteger(number) || number < minimum)
    throw new UsageError(`--${name} wants a whole number of at least ${minimum}, not '${value}'.`);
  return number;
}

export interface FilePlace {
  readonly file: string;
  /** 0-based. */
  readonly line?: number;
}

/** `FILE:LINE` as people paste it from a compiler (1-based there, 0-based here). A drive letter's colon is no line. */
export function parsePlace(argument: string): FilePlace {
  const match = /^(.+?):(\d+)(?::\d+)?$/.exec(argument);
  if (match?.[1] === undefined || match[2] === undefined || /^[A-Za-z]$/.test(match[1])) return { file: argument };
  const line = Number(match[2]);
  if (line < 1) throw new UsageError(`${argument}: lines are counted from 1.`);
  return { file: match[1], line: line - 1 };
}
