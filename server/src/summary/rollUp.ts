import type { Syntax } from '../syntax/document.ts';
import { symbolPaths } from '../syntax/symbolPaths.ts';
import { ModelError, type ModelErrorKind } from '../types/errors.ts';
import type { Partition } from '../types/partition.ts';
import type { Producer } from '../types/produce.ts';
import type { ProducerIdentity, StandsOn, StoredSummary, Subject } from '../types/summary.ts';
import { ask } from './ask.ts';
import { basisOf, sendable } from './basis.ts';
import { beginningOf } from './beginning.ts';
import { chunksOf, isPartitioned } from './chunks.ts';
import { type FreshnessPorts, isMadeBy, recordOf, type Standing, standingOf, styleOf } from './freshness.ts';
import { shownNames } from './ground.ts';
import { type SummaryRecord, summaryKey } from './keys.ts';
import { inCallOrder } from './partOrder.ts';
import { type Placeholder, placeholdersIn } from './placeholders.ts';
import { type Part, requestMaker } from './request.ts';
import type { SingleFlight } from './singleFlight.ts';
import { plainSource, type SubjectLine, subjectLines } from './subjectSource.ts';
import {
  idOf,
  isRange,
  isType,
  partsOf,
  partsWithin,
  type SummaryDocument,
  subjectOf,
  symbolOf,
  type Target,
} from './subjects.ts';
import type { SummarizeOptions, Together } from './summarizeOptions.ts';
import type { TokenEvent } from './tokenTally.ts';

export interface RollUpPorts extends FreshnessPorts {
  readonly producer: Producer;
  readonly open: Pick<Syntax, 'open'>;
  readonly clock: () => number;
  readonly contextTokens: number;
  readonly flights: SingleFlight<StoredSummary>;
  readonly options: SummarizeOptions;
  readonly onTokens?: (event: TokenEvent) => void;
  readonly onSaid?: (said: Said) => void;
}

/** A new summary of a symbol. */
export interface Said {
  readonly uri: string;
  readonly path: string;
  readonly symbolPath: string;
  readonly summary: StoredSummary;
}

/** Requests of one roll-up under way at a time; the scheduler orders them among all others. */
const concurrency = 6;
/** What befell one part only; the whole can do without its line. Everything else would befall the next part, too. */
const partErrors: ReadonlySet<ModelErrorKind> = new Set(['badAnswer', 'refused', 'tooLarge']);

/** Makes one summary, and before it those of its parts that are missing: a long file costs its parts once. */
export class RollUp {
  readonly #ports: RollUpPorts;
  #done = 0;
  #total = 1;
  #together: Together;
  /** Of the whole file; undefined while nothing is too long for one request. */
  #partitions: readonly Partition[] | undefined;

  constructor(ports: RollUpPorts) {
    this.#ports = ports;
    this.#together = ports.options.together ?? { ofFile: 1, ofRepository: 1 };
  }

  /** The summary of the target; claims are relative to the subject's lines. */
  async make(document: SummaryDocument, target: Target): Promise<StoredSummary> {
    const { options } = this.#ports;
    const standing = standingOf(document, target, this.#ports);
    if (standing.freshness === 'fresh' && standing.summary !== undefined) {
      // Not even a refresh overrules the user.
      if (options.refresh !== true || standing.summary.word !== undefined) {
        this.#saved(subjectOf(document, target), standing.summary);
        return standing.summary;
      }
    }
    const isLong = isPartitioned(document, target);
    if (!isLong && !this.#needsParts(document, target))
      return this.#single(document, target, [], options.refresh ?? false);
    const { language, text } = document.syntax;
    const copy = await this.#ports.open.open(language, text, options.signal);
    const frozen = { ...document, syntax: copy };
    try {
      if (isLong || holdsLong(frozen, target))
        this.#partitions = await this.#ports.partitions.of(frozen, options.signal);
      if (options.together === undefined) {
        const questions = this.#questions(frozen, target);
        this.#together = { ofFile: questions, ofRepository: questions };
      }
      return await this.#whole(frozen, target, options.refresh ?? false);
    } finally {
      copy.dispose();
    }
  }

  #needsParts(document: SummaryDocument, target: Target): boolean {
    return this.#partTargets(document, target).length > 0;
  }

  /**
   * What the target is summed up from: partitions where it is too long for one request, else the symbols that make it up. Whoever answers
   * without cost says of a partition what its symbols are; a model reads its text at once.
   */
  #partTargets(document: SummaryDocument, target: Target): readonly Target[] {
    if (isRange(target)) return this.#ports.producer.local ? partsWithin(document, target) : [];
    if (this.#partitions !== undefined && isPartitioned(document, target))
      return chunksOf(document.syntax, this.#lines(document, target, []), this.#partitions);
    return partsOf(document, target === 'file' ? undefined : target);
  }

  async #whole(document: SummaryDocument, target: Target, refresh: boolean): Promise<StoredSummary> {
    const targets = this.#partTargets(document, target);
    this.#total += targets.length;
    const parts = await inCallOrder(document, targets, (part) => this.#part(document, part), {
      concurrency,
      signal: this.#ports.options.signal,
    });
    return this.#single(document, target, [...parts, ...this.#names(document, target, targets)], refresh);
  }

  /** Names of a long file's own symbols, for whoever answers without reading the source. */
  #names(document: SummaryDocument, target: Target, targets: readonly Target[]): readonly Part[] {
    const first = targets[0];
    if (target !== 'file' || first === undefined || !isRange(first) || !this.#ports.producer.local) return [];
    return partsOf(document, undefined)
      .map((index) => symbolOf(document, index))
      .map(({ name, kind }) => ({ name, kind, line: '' }));
  }

  /**
   * The line of one part. A part whose own code is unchanged keeps its line although something it calls changed: it is stale, is shown so,
   * and waits until somebody asks for it.
   */
  async #part(document: SummaryDocument, target: Target): Promise<Part> {
    const name = typeof target === 'number' ? symbolOf(document, target) : undefined;
    const label = isRange(target)
      ? { name: `lines ${target.start.line + 1} to ${target.end.line}, ${target.title}`, kind: 'partition' }
      : { name: name?.name ?? document.path, kind: name?.kind ?? 'file' };
    const standing = isRange(target) ? undefined : standingOf(document, target, this.#ports);
    if (standing?.summary !== undefined && this.#isKept(standing)) {
      this.#saved(subjectOf(document, target), standing.summary);
      this.#step();
      return { ...label, line: standing.summary.line };
    }
    try {
      const isOwner = typeof target === 'number' && isType(symbolOf(document, target).kind);
      const summary = isOwner ? await this.#whole(document, target, false) : await this.#leaf(document, target);
      return { ...label, line: summary.line };
    } catch (error) {
      if (!ModelError.is(error) || !partErrors.has(error.kind)) throw error;
      this.#step();
      return { ...label, line: name?.signature ?? '(no summary)' };
    }
  }

  /** How many requests the target takes: itself, and what is missing of its parts. */
  #questions(document: SummaryDocument, target: Target): number {
    const missing = this.#partTargets(document, target).filter(
      (part) => isRange(part) || !this.#isKept(standingOf(document, part, this.#ports)),
    );
    return missing.reduce<number>((sum, part) => sum + this.#questions(document, part), 1);
  }

  #isKept({ freshness, summary, staleReason }: Standing): boolean {
    if (freshness === 'fresh') return true;
    return staleReason?.kind === 'context' && summary !== undefined && isMadeBy(summary, this.#ports.identity);
  }

  #leaf(document: SummaryDocument, target: Target): Promise<StoredSummary> {
    return this.#partTargets(document, target).length > 0
      ? this.#whole(document, target, false)
      : this.#single(document, target, [], false);
  }

  /** A model comments the symbols of a partition in the same answer. */
  #placeholders(document: SummaryDocument, target: Target): readonly Placeholder[] {
    return isRange(target) && !this.#ports.producer.local ? placeholdersIn(document, target) : [];
  }

  #saved(subject: Subject, { usage }: StoredSummary): void {
    this.#tell(subject, { sent: 0, cached: 0, saved: usage.input });
  }

  #tell({ path, symbol }: Subject, tokens: Pick<TokenEvent, 'sent' | 'cached' | 'saved'>): void {
    this.#ports.onTokens?.({ path, ...(symbol === undefined ? {} : { symbol: symbol.name }), ...tokens });
  }

  #step(): void {
    this.#done++;
    this.#ports.options.onProgress?.(this.#done, this.#total);
  }

  #lines(document: SummaryDocument, target: Target, parts: readonly Target[]): readonly SubjectLine[] {
    const { range } = subjectOf(document, target);
    return subjectLines(document.syntax, range, {
      comments: this.#ports.style.comments ?? 'keep',
      parts: parts.map((part) => subjectOf(document, part).range),
    });
  }

  /** One request, or none when the store knows the answer. Reads the document before its first await only. */
  async #single(
    document: SummaryDocument,
    target: Target,
    parts: readonly Part[],
    refresh: boolean,
  ): Promise<StoredSummary> {
    const { store, options } = this.#ports;
    const subject = subjectOf(document, target);
    const reach = this.#ports.context.reach?.(subject);
    const gathering = this.#ports.context.gather(subject, document.syntax, this.#ports.contextTokens, options.signal);
    const beginning = beginningOf(document, { ...this.#ports, together: this.#together });
    const hidden = parts.length > 0 ? this.#partTargets(document, target) : [];
    const lines = this.#lines(document, target, hidden);
    const placeholders = this.#placeholders(document, target);
    const id = idOf(document, target);
    const symbolPath = typeof target === 'number' ? symbolPaths(document.syntax.outline)[target] : undefined;
    const record = recordOf(document, target, this.#ports);
    const request = requestMaker(document, target, {
      parts,
      lines,
      style: styleOf(document, target, this.#ports),
      priority: options.priority,
      placeholders,
    });
    const pieces = await sendable(await gathering, this.#ports.producer, subject.uri);
    const basis = pieces.map(basisOf);
    const key = summaryKey({ ...record, context: basis });
    const known = refresh ? undefined : (store.get(key) ?? (await store.fetch?.(key, options.signal)));
    if (known !== undefined) {
      // The same code was summarized under another path: from now on this subject is known, too.
      store.put(id, known);
      this.#saved(subject, known);
      this.#step();
      return known;
    }
    const summary = await this.#ports.flights.run(
      `${key}${refresh ? ' again' : ''}`,
      options.signal,
      async (signal) => {
        const common = await beginning();
        const source = {
          language: subject.language,
          names: shownNames({ subject, source: plainSource(lines), pieces, parts }),
          lines: lines.length,
          placeholders: placeholders.map(({ id }) => id),
        };
        const answer = await ask(
          this.#ports.producer,
          (complaint) => request(key, pieces, complaint, common),
          source,
          signal,
        );
        const { text, ...rest } = answer;
        const made: StoredSummary = {
          ...text,
          ...rest,
          key,
          createdAt: this.#ports.clock(),
          basis,
          standsOn: standsOnOf(record, answer.producer),
          ...(reach === undefined ? {} : { reach }),
        };
        store.put(id, made);
        if (symbolPath !== undefined)
          this.#ports.onSaid?.({ uri: subject.uri, path: subject.path, symbolPath, summary: made });
        this.#tell(subject, { sent: made.usage.input, cached: made.usage.cached, saved: 0 });
        return made;
      },
    );
    this.#step();
    return summary;
  }
}

/** Whether one of the symbols that make up the target is summarized from partitions. */
function holdsLong(document: SummaryDocument, target: Target): boolean {
  if (isRange(target)) return false;
  return document.syntax.outline.symbols.some((_, index) => isPartitioned(document, index));
}

function standsOnOf(
  { standsOn, producer }: Pick<SummaryRecord, 'standsOn' | 'producer'>,
  answered: ProducerIdentity,
): StandsOn {
  const isSame = answered.provider === producer.provider && answered.model === producer.model;
  return isSame ? standsOn : { ...standsOn, asked: producer };
}
