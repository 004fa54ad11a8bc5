import { type Command, UsageError } from './arguments.ts';
import { inTerminalWords } from './terminalWords.ts';
import { visible, visibleMessage } from './visible.ts';

/** Each command is loaded when it is asked for, so that `outline` does not pay for what `summarize` needs. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  outline: async () => (await import('./outline.ts')).outlineCommand,
  partition: async () => (await import('./partition.ts')).partitionCommand,
  summarize: async () => (await import('./summarize.ts')).summarizeCommand,

  index: async () => (await import('./index.ts')).indexCommand,
  search: async () => (await import('./search.ts')).searchCommand,
  context: async () => (await import('./context.ts')).contextCommand,
  comment: async () => (await import('./comment.ts')).commentCommand,
  run: async () => (await import('./run.ts')).runCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  worker: async () => (await import('./worker.ts')).workerCommand,
  check: async () => (await import('./check.ts')).checkCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  lsp: async () => (await import('./lsp.ts')).lspCommand,
  mcp: async () => (await import('./mcp.ts')).mcpCommand,
};

async function help(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => {
      const { usage, summary } = await load();
      return `  codegloss ${name} ${usage}\n      ${summary}`;
    }),
  );
  return `CodeGloss says what code does.\n\n${lines.join('\n')}\n\nLines in arguments count from 1; in JSON from 0. Exit code: 0 done, 1 failed, 2 wrong usage.\n`;
}

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  const err = (text: string) => void process.stderr.write(visibleMessage(inTerminalWords(text)));
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(await help());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-V') {
    const { version } = await import('./version.ts');
    process.stdout.write(`codegloss ${version()}\n`);
    return 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    err(`codegloss: there is no command '${name}': run 'codegloss --help' for the list.\n`);
    return 2;
  }
  const command = await load();
  if (args.includes('--help')) {
    process.stdout.write(`codegloss ${name} ${command.usage}\n  ${command.summary}\n`);
    return 0;
  }
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  try {
    return await command.run({
      args,
      output: {
        out: (text) => void process.stdout.write(visible(text)),
        err,
        isTerminal: process.stderr.isTTY === true,
      },
      env: process.env,
      cwd: process.cwd(),
      signal: controller.signal,
    });
  } catch (error) {
    if (error instanceof UsageError) {
      err(`codegloss ${name}: ${error.message}\nusage: codegloss ${name} ${command.usage}\n`);
      return 2;
    }
    err(
      controller.signal.aborted ? `codegloss ${name}: stopped.\n` : `codegloss ${name}: ${(error as Error).message}\n`,
    );
    return 1;
  }
}

// A reader that closes the pipe early (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
// Setting the code instead of exiting lets what is still buffered for a pipe be written.
process.exitCode = await main(process.argv.slice(2));
