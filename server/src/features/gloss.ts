import type { MendingCommand } from '../protocol.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { isCancellation, ModelError } from '../types/errors.ts';
import { type Priority, priorities } from '../types/produce.ts';
import type { Freshness, StoredSummary } from '../types/summary.ts';
import type { OpenDocument } from './documents.ts';

export type ParsedDocument = OpenDocument & { readonly syntax: SyntaxDocument };

/** A symbol of a document, or the whole file when `symbol` is absent. */
export interface Target {
  readonly document: ParsedDocument;
  readonly symbol?: number;
}

/** What the summarizer says at once, without any model. */
export interface Peek {
  readonly freshness: Freshness;
  readonly summary?: StoredSummary;
  readonly staleReason?: string;
  /** Set where nothing but the chosen producer differs: the text is another's, and still true of the code. */
  readonly isAnothers?: boolean;
  /** Why a summary that is still true could be better. */
  readonly note?: string;
}

/** Told how many of how many parts are done. */
export type OnProgress = (done: number, total: number) => void;

/** The summarizer as the features need it; `main.ts` binds the real one. */
export interface SummarizerPort {
  peek(target: Target): Peek;
  /** Fetches what a team's store has of it; resolves at once where there is none. */
  lookUp(target: Target, signal: AbortSignal): Promise<void>;
  summarize(
    target: Target,
    options: {
      readonly priority: Priority;
      readonly signal: AbortSignal;
      readonly refresh: boolean;
      readonly onProgress?: OnProgress;
    },
  ): Promise<StoredSummary>;
}

/** Why nothing can be made now, in one line, with the command that mends it. */
export interface Blocked {
  readonly message: string;
  readonly command?: MendingCommand;
}

export interface TargetState extends Peek {
  readonly working: boolean;
  readonly blocked?: Blocked;
}

const maxRemembered = 2000;
/** After so many milliseconds a team's store is no longer waited for. */
const lookUpMs = 5_000;

/**
 * What features show of a target: what is known, whether somebody is at work on it, what stopped the last try. Nothing here waits for a
 * model; `start` does the work behind the editor's back and tells its listeners when the picture changed.
 */
export class Gloss {
  readonly #summarizer: SummarizerPort;
  readonly #explain: (error: ModelError) => Blocked;
  readonly #log: (message: string) => void;
  readonly #running = new Map<string, { readonly controller: AbortController; readonly priority: Priority }>();
  readonly #failures = new Map<string, Blocked>();
  /** Document version of the last unasked try, so that a text that stays stale is not tried again at every repaint. */
  readonly #tried = new Map<string, number>();
  readonly #listeners: (() => void)[] = [];

  constructor(ports: {
    readonly summarizer: SummarizerPort;
    readonly explain: (error: ModelError) => Blocked;
    readonly log: (message: string) => void;
  }) {
    this.#summarizer = ports.summarizer;
    this.#explain = ports.explain;
    this.#log = ports.log;
  }

  onChanged(listener: () => void): void {
    this.#listeners.push(listener);
  }

  get busy(): number {
    return this.#running.size;
  }

  state(target: Target): TargetState {
    const id = targetId(target);
    const blocked = this.#failures.get(id);
    return {
      ...this.#summarizer.peek(target),
      working: this.#running.has(id),
      ...(blocked === undefined ? {} : { blocked }),
    };
  }

  /** Whether somebody is at work on it; cheaper than its whole state. */
  isWorking(target: Target): boolean {
    return this.#running.has(targetId(target));
  }

  /**
   * Gives a team's store the chance to answer within the same request; what comes later is there for the next one. Never a model, never an
   * error: who cannot be asked knows nothing.
   */
  async lookUp(target: Target, limitMs: number): Promise<void> {
    const looking = this.#summarizer.lookUp(target, AbortSignal.timeout(lookUpMs)).catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([looking, late]);
    clearTimeout(timer);
  }

  /** Makes a summary and waits for it. Throws `ModelError`; the failure is remembered so that hover can say it. */
  async make(
    target: Target,
    options: {
      readonly priority: Priority;
      readonly signal: AbortSignal;
      readonly refresh?: boolean;
      readonly onProgress?: OnProgress;
    },
  ): Promise<StoredSummary> {
    const id = targetId(target);
    const controller = new AbortController();
    const signal = AbortSignal.any([options.signal, controller.signal]);
    this.#running.get(id)?.controller.abort();
    this.#running.set(id, { controller, priority: options.priority });
    this.#failures.delete(id);
    this.#changed();
    try {
      return await this.#summarize(target, {
        priority: options.priority,
        signal,
        refresh: options.refresh ?? false,
        ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      });
    } catch (error) {
      if (!isCancellation(error)) this.#remember(id, error);
      throw error;
    } finally {
      if (this.#running.get(id)?.controller === controller) this.#running.delete(id);
      this.#changed();
    }
  }

  /** A change of settings takes a producer away together with its work: who waits for that is served by the producer chosen now. */
  async #summarize(...[target, options]: Parameters<SummarizerPort['summarize']>): Promise<StoredSummary> {
    try {
      return await this.#summarizer.summarize(target, options);
    } catch (error) {
      if (!isCancellation(error) || options.signal.aborted) throw error;
      return this.#summarizer.summarize(target, options);
    }
  }

  /** Starts work unless it already runs as urgently, or failed for a reason that only the user can mend. */
  start(target: Target, priority: Priority): void {
    const id = targetId(target);
    const running = this.#running.get(id);
    const isUrged = running !== undefined && priorities[priority] < priorities[running.priority];
    if (this.#failures.has(id) || (running !== undefined && !isUrged)) return;
    if (!isUrged && this.#tried.get(id) === target.document.version) return;
    if (this.#tried.size >= maxRemembered) this.#tried.clear();
    this.#tried.set(id, target.document.version);
    this.make(target, { priority, signal: new AbortController().signal }).catch((error: unknown) => {
      if (!isCancellation(error)) this.#log(`${target.document.uri}: ${(error as Error).message}`);
    });
  }

  /** Work on a closed document helps nobody. */
  cancelFor(uri: string): void {
    for (const [id, { controller }] of this.#running) if (id.startsWith(`${uri}#`)) controller.abort();
  }

  /** Ends all work, before what it stands on goes. */
  dispose(): void {
    for (const { controller } of this.#running.values()) controller.abort();
  }

  /** After a key, a setting or trust changed: what failed may work now. */
  forgetFailures(): void {
    this.#failures.clear();
    this.#tried.clear();
    this.#changed();
  }

  /** Something outside was looked at again: what is shown may stand differently now. */
  recheck(): void {
    this.#changed();
  }

  #remember(id: string, error: unknown): void {
    const known = ModelError.is(error)
      ? error
      : new ModelError('unavailable', (error as Error).message, { cause: error });
    if (this.#failures.size >= maxRemembered) this.#failures.clear();
    this.#failures.set(id, this.#explain(known));
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Name of a target within this session: survives edits elsewhere in the file, and says nothing of its text. */
function targetId({ document, symbol }: Target): string {
  if (symbol === undefined) return `${document.uri}#`;
  const { symbols } = document.syntax.outline;
  const names: string[] = [];
  for (let index: number | undefined = symbol; index !== undefined; index = symbols[index]?.parent)
    names.push(symbols[index]?.name ?? '');
  return `${document.uri}#${names.reverse().join('.')}:${symbols[symbol]?.kind ?? ''}`;
}
