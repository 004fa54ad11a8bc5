import { randomBytes } from 'node:crypto';
import { chmod, open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Core } from '../core.ts';
import { encodeSource } from '../repository/sourceText.ts';
import { applyEdit, moduleCommentEdit, removeEdit, staleness } from '../summary/comments/edit.ts';
import { applyEdits, removeSymbolComments } from '../summary/comments/symbolComments.ts';
import type { TextEdit } from '../types/text.ts';
import { type Command, type CommandContext, parseArguments, UsageError } from './arguments.ts';
import { formatOf, formatOptions, overFiles } from './batch.ts';
import { type ReadFile, readNamedFile } from './files.ts';
import { documentOf, openCore, partitionOptions, partitionUsage, providerOptions, settingsFrom } from './session.ts';

type Mode = 'show' | 'write' | 'remove';

interface Result {
  readonly path: string;
  /** Of the module comment; null when there is nothing to do. Absent with `--symbols`. */
  readonly edit?: TextEdit | null;
  /** Of the comments on symbols, in the order of the file; they do not touch each other. */
  readonly edits?: readonly TextEdit[];
  readonly written: boolean;
}

const options = {
  ...formatOptions,
  ...providerOptions,
  ...partitionOptions,
  write: { type: 'boolean' },
  remove: { type: 'boolean' },
  symbols: { type: 'boolean' },
} as const;

export const commentCommand: Command = {
  usage: `FILE… [--provider P] [--model M] [--symbols] [--write|--remove] ${partitionUsage} [--json|--jsonl]`,
  summary:
    'makes the module comment of files, or comments on all symbols that have none: prints the edit, writes it, or removes ours',
  async run(context) {
    const { values, positionals } = parseArguments(context.args, options);
    if (values.write === true && values.remove === true)
      throw new UsageError('--write and --remove exclude each other.');
    const mode: Mode = values.write === true ? 'write' : values.remove === true ? 'remove' : 'show';
    const core = openCore(context, settingsFrom(values));
    try {
      return await overFiles(context, {
        args: positionals,
        format: formatOf(values),
        work: (file) =>
          values.symbols === true ? commentOnSymbols(context, core, file, mode) : commentOn(context, core, file, mode),
        text: ({ path: shown, edit, edits = edit ? [edit] : [], written }) =>
          edits.length === 0
            ? `${shown}: nothing to do\n`
            : written
              ? `${shown}: written\n`
              : edits.map(({ newText }) => newText).join(''),
      });
    } finally {
      core.dispose();
    }
  },
};

async function commentOn(context: CommandContext, core: Core, file: ReadFile, mode: Mode): Promise<Result> {
  const edit = mode === 'remove' ? removal(file) : await comment(context, core, file);
  if (edit === null || mode === 'show') return { path: file.path, edit, written: false };
  await writeText(file, applyEdit(file.source.text, edit));
  return { path: file.path, edit, written: true };
}

/** Comments on every symbol that has none, made partition by partition. */
async function commentOnSymbols(context: CommandContext, core: Core, file: ReadFile, mode: Mode): Promise<Result> {
  const { signal } = context;
  const { text, encoding } = file.source;
  const syntax = await core.syntax.open(file.language, text, signal);
  try {
    const edits =
      mode === 'remove'
        ? removeSymbolComments(syntax)
        : await core.summarizer.commentSymbols(documentOf(context, file, syntax), {
            priority: 'file',
            signal,
            asciiOnly: encoding !== 'utf8',
          });
    const written = edits.length > 0 && mode !== 'show';
    if (written) await writeText(file, applyEdits(text, edits));
    return { path: file.path, edits, written };
  } finally {
    syntax.dispose();
  }
}

function removal(file: ReadFile): TextEdit | null {
  if (staleness(file.source.text, file.language) === 'none') return null;
  const result = removeEdit(file.source.text, file.language);
  if ('edit' in result) return result.edit;
  throw new Error(result.reason);
}

async function comment(context: CommandContext, core: Core, file: ReadFile): Promise<TextEdit | null> {
  if (staleness(file.source.text, file.language) === 'fresh') return null;
  const syntax = await core.syntax.open(file.language, file.source.text, context.signal);
  try {
    const document = documentOf(context, file, syntax);
    const summary = await core.summarizer.summarize(document, 'file', { priority: 'file', signal: context.signal });
    const result = moduleCommentEdit(file.source.text, file.language, summary, {
      asciiOnly: file.source.encoding !== 'utf8',
    });
    if ('edit' in result) return result.edit;
    throw new Error(result.reason);
  } finally {
    syntax.dispose();
  }
}

/**
 * Writes beside the file and renames, so that a crash or a full disk leaves the old file whole. Refuses when the file has changed since it
 * was read: the text was made from other bytes. Mode and encoding stay; a symbolic link keeps
 * pointing at its file.
 */
async function writeText(file: ReadFile, text: string): Promise<void> {
  const now = await readNamedFile(file);
  if (now.source.text !== file.source.text)
    throw new Error('it has changed while it was summarized: run the command again.');
  const bytes = encodeSource({ ...file.source, text });
  const target = await realpath(file.file);
  const { mode } = await stat(target);
  const beside = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(beside, 'wx', mode);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chmod(beside, mode & 0o7777);
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw new Error(
      `it could not be written (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}); it is as it was.`,
    );
  }
}
