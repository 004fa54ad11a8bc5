import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { IgnoreRules } from '../repository/ignoreRules.ts';
import { decodeSource } from '../repository/sourceText.ts';
import { walk } from '../repository/walk.ts';
import type { SummaryDocument } from '../summary/subjects.ts';
import { knownEndings, languageOf } from '../syntax/detect.ts';
import type { Syntax } from '../syntax/document.ts';

/** The source files of one repository, opened one after the other. */
export interface Sources {
  /** Paths relative to the root, `/` between parts, in a fixed order: the order of the prompts' beginnings. */
  list(signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Opens a file for the time of `work`. The document is shared by all who hold it and freed some time after the last one let go.
   * Undefined when the file is gone, binary or in no language that is read.
   */
  use<T>(file: string, signal: AbortSignal, work: (document: SummaryDocument) => Promise<T>): Promise<T | undefined>;
  dispose(): void;
}

/** Documents that stay open although nobody holds them: jobs come file by file, and parsing anew is dear. */
const keptOpen = 24;

interface Held {
  readonly document: Promise<SummaryDocument | undefined>;
  holders: number;
}

/** @param options.repository identity of the repository as the editor gives it, so that both share summaries */
export function openSources(options: {
  readonly root: string;
  readonly repository: string;
  readonly syntax: Pick<Syntax, 'open'>;
  readonly ignore: readonly string[];
  readonly languages?: Readonly<Record<string, string>>;
}): Sources {
  const open = new Map<string, Held>();
  const held = (file: string, signal: AbortSignal): Held => {
    const known = open.get(file);
    if (known !== undefined) {
      // Used again: last in line for being freed.
      open.delete(file);
      open.set(file, known);
      return known;
    }
    const made: Held = { document: openOne(file, options, signal), holders: 0 };
    // A cancelled or failed opening must not be what the next one gets.
    made.document.catch(() => open.get(file) === made && open.delete(file));
    open.set(file, made);
    return made;
  };
  return {
    list: (signal) => listSources(options.root, options.ignore, signal),
    async use(file, signal, work) {
      const entry = held(file, signal);
      entry.holders++;
      try {
        const document = await entry.document;
        return document === undefined ? undefined : await work(document);
      } finally {
        entry.holders--;
        free(open, keptOpen);
      }
    },
    dispose: () => free(open, 0),
  };
}

function free(open: Map<string, Held>, keep: number): void {
  for (const [file, entry] of open) {
    if (open.size <= keep) return;
    if (entry.holders > 0) continue;
    open.delete(file);
    entry.document.then(
      (document) => document?.syntax.dispose(),
      () => undefined,
    );
  }
}

async function listSources(root: string, ignore: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
  const endings = knownEndings();
  const found: string[] = [];
  const files = walk(root, {
    ignore: new IgnoreRules(root, ignore),
    wanted: (file) => endings.has(path.extname(file).toLowerCase()),
    skip: () => undefined,
    signal,
  });
  for await (const file of files) found.push(file.path);
  return found;
}

async function openOne(
  file: string,
  options: Parameters<typeof openSources>[0],
  signal: AbortSignal,
): Promise<SummaryDocument | undefined> {
  const whole = path.join(options.root, file);
  const bytes = await readFile(whole).catch(() => undefined);
  const text = bytes === undefined ? undefined : decodeSource(bytes)?.text;
  if (text === undefined) return undefined;
  const overrides = options.languages === undefined ? {} : { overrides: options.languages };
  const language = languageOf({ path: file, text, ...overrides });
  if (language === undefined) return undefined;
  const syntax = await options.syntax.open(language, text, signal);
  return { uri: pathToFileURL(whole).href, path: file, repository: options.repository, syntax };
}
