import type { Syntax, SyntaxDocument } from '../syntax/document.ts';
import type { RepositorySource } from './repositorySource.ts';

/** Trees live in WebAssembly memory: so many files beside the subject's own are kept parsed, and none larger than this. */
const maxFiles = 24;
const maxCharacters = 400_000;

interface Parsed {
  readonly hash: string;
  readonly doc: SyntaxDocument;
}

/** Files of a repository that context has looked into, parsed; the least recently used go first. */
export class ParsedFiles {
  readonly #syntax: Pick<Syntax, 'open'>;
  readonly #files = new Map<string, Parsed>();
  readonly #loading = new Map<string, Promise<void>>();
  #isDisposed = false;

  constructor(syntax: Pick<Syntax, 'open'>) {
    this.#syntax = syntax;
  }

  /** Reads a file as it is now and looks into it. `look` must not keep the document. Undefined when it cannot be read or parsed. */
  async look<T>(
    source: RepositorySource,
    path: string,
    look: (doc: SyntaxDocument, hash: string) => T,
  ): Promise<T | undefined> {
    const file = await source.read(path);
    if (file === undefined || file.text.length > maxCharacters || this.#isDisposed) return undefined;
    const known = this.#files.get(path);
    if (known?.hash === file.hash) return look(this.#touch(path, known), file.hash);
    const doc = await this.#syntax.open(file.language, file.text).catch(() => undefined);
    if (doc === undefined) return undefined;
    if (this.#isDisposed) {
      doc.dispose();
      return undefined;
    }
    return look(this.#keep(path, { hash: file.hash, doc }), file.hash);
  }

  /** Looks into a file at once if it is parsed in the state of this hash. */
  lookNow<T>(path: string, hash: string, look: (doc: SyntaxDocument) => T): T | undefined {
    const known = this.#files.get(path);
    return known?.hash === hash ? look(this.#touch(path, known)) : undefined;
  }

  /** Parses a file behind everybody's back, once at a time. */
  load(source: RepositorySource, path: string, onLoaded: () => void): void {
    if (this.#loading.has(path)) return;
    const loading = this.look(source, path, () => undefined)
      .catch(() => undefined)
      .then(() => {
        this.#loading.delete(path);
        if (!this.#isDisposed) onLoaded();
      });
    this.#loading.set(path, loading);
  }

  /** Waits for what is being parsed behind everybody's back. @returns whether there was any */
  async settled(): Promise<boolean> {
    if (this.#loading.size === 0) return false;
    await Promise.all(this.#loading.values());
    return true;
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const { doc } of this.#files.values()) doc.dispose();
    this.#files.clear();
  }

  #touch(path: string, file: Parsed): SyntaxDocument {
    this.#files.delete(path);
    this.#files.set(path, file);
    return file.doc;
  }

  #keep(path: string, file: Parsed): SyntaxDocument {
    this.#files.get(path)?.doc.dispose();
    this.#files.delete(path);
    this.#files.set(path, file);
    for (const [oldest, { doc }] of this.#files) {
      if (this.#files.size <= maxFiles) break;
      doc.dispose();
      this.#files.delete(oldest);
    }
    return file.doc;
  }
}
