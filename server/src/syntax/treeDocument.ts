import { Edit, type Tree } from 'web-tree-sitter';
import type { CallSite, LanguageId, Outline, SymbolFacts } from '../types/outline.ts';
import type { Position, Range, TextChange } from '../types/text.ts';
import { canonicalText, identifiersIn } from './canonical.ts';
import { commentSpans } from './commentSpans.ts';
import type { CommentSpan, SyntaxDocument } from './document.ts';
import { type Asked, DocumentUses, noUses } from './documentUses.ts';
import { basesOf, factsOf } from './facts.ts';
import type { Grammar, OutlineQuery, WholeQuery } from './grammar.ts';
import { type Highlight, highlightsIn } from './highlights.ts';
import {
  collectItems,
  compareItems,
  type Item,
  itemsOf,
  mergeStretches,
  moveStretch,
  shiftItem,
  touches,
} from './items.ts';
import { LineIndex } from './lineIndex.ts';
import { matchesIn } from './matches.ts';
import { buildOutline, type Extent, type OutlineCache, outlineCache } from './outline.ts';
import { type Clock, countErrors, type ParseLimits, parseWithin } from './parse.ts';
import { innermostAt } from './symbolAt.ts';
import { planUses, type Uses, usesOf } from './uses.ts';

/** What a document needs of its maker. */
export interface DocumentHost {
  readonly limits: ParseLimits;
  readonly clock: Clock;
  /** The grammar as it is now: another one after a crash of the runtime. */
  readonly grammar: () => Grammar;
  /** Told when the runtime fails, so that the next `open` starts with a fresh parser. */
  readonly onCrash: (error: unknown) => void;
  /** Ask the first tree for its calls and imports as well: whoever reads all of a file saves a walk over it. */
  readonly asksAll?: boolean;
}

interface Outlined {
  readonly outline: Outline;
  readonly extents: readonly Extent[];
}

/** A text with its tree and the items of its outline, all following the edits. */
export class TreeDocument implements SyntaxDocument {
  readonly language: LanguageId;
  readonly #host: DocumentHost;
  readonly #cache: OutlineCache = outlineCache();
  #lines: LineIndex;
  #tree: Tree;
  #items: Item[] = [];
  /** False while the tree stands for no text: over the limits, or the runtime failed. */
  #parsed = false;
  #outlined: Outlined | undefined;
  /** Comments that the program does not read. */
  #comments: readonly Item[] | undefined;
  readonly #uses = new DocumentUses();
  #disposed = false;

  constructor(language: LanguageId, text: string, host: DocumentHost, signal?: AbortSignal) {
    this.language = language;
    this.#host = host;
    this.#lines = LineIndex.of(text);
    this.#tree = this.#emptyTree();
    this.#parseAnew(signal);
  }

  get text(): string {
    return this.#lines.text;
  }

  get tree(): Tree {
    return this.#tree;
  }

  /** False when the text was over the limits or the parser failed; the outline is empty then. */
  get isParsed(): boolean {
    return this.#parsed;
  }

  get outline(): Outline {
    return this.#outline().outline;
  }

  update(changes: readonly TextChange[]): void {
    if (this.#disposed || changes.length === 0) return;
    this.#outlined = undefined;
    this.#comments = undefined;
    if (!this.#parsed) {
      for (const change of changes) this.#lines = this.#lines.splice(change).next;
      this.#parseAnew();
      return;
    }
    const dirty = changes.reduce<(readonly [number, number])[]>(
      (stretches, change) => this.#applyEdit(change, stretches),
      [],
    );
    this.#reparse(dirty);
  }

  offsetAt(position: Position): number {
    return this.#lines.offsetAt(position);
  }

  positionAt(offset: number): { line: number; character: number } {
    return this.#lines.positionAt(offset);
  }

  textIn(range: Range): string {
    return this.text.slice(this.offsetAt(range.start), this.offsetAt(range.end));
  }

  comments(): readonly CommentSpan[] {
    return commentSpans(this.#items, this.#lines, this.#host.grammar().row);
  }

  symbolAt(line: number): number | undefined {
    return innermostAt(this.outline.symbols, line);
  }

  facts(symbolIndex: number): SymbolFacts {
    const { extents } = this.#outline();
    const extent = extents[symbolIndex];
    if (extent === undefined) return { parameters: [], returnsValue: false, calls: [], raises: [], bases: [] };
    const uses = this.#usesBetween(extent.start, extent.end);
    return factsOf({ extent, extents, uses, text: this.text, row: this.#host.grammar().row });
  }

  bases(symbolIndex: number): readonly string[] {
    const extent = this.#outline().extents[symbolIndex];
    return extent === undefined ? [] : basesOf(extent, this.text, this.#host.grammar().row);
  }

  calls(within: Range): readonly CallSite[] {
    const known = this.#known();
    return known === undefined
      ? []
      : this.#uses.calls(known, this.offsetAt(within.start), this.offsetAt(within.end)).map(({ site }) => site);
  }

  imports(): readonly CallSite[] {
    const known = this.#known();
    return known === undefined ? [] : this.#uses.imports(known);
  }

  canonical(range: Range, options: { readonly renameLocals?: boolean } = {}): string {
    const start = this.offsetAt(range.start);
    const end = this.offsetAt(range.end);
    const row = this.#host.grammar().row;
    const locals = options.renameLocals === true ? this.#localsBetween(start, end) : undefined;
    const comments = this.#plainComments();
    return canonicalText({
      tree: this.#tree,
      parsed: this.#parsed,
      text: this.text,
      start,
      end,
      comments,
      row,
      locals,
    });
  }

  identifiers(range: Range): ReadonlySet<string> {
    const start = this.offsetAt(range.start);
    const end = this.offsetAt(range.end);
    return identifiersIn(this.text, start, end, this.#plainComments());
  }

  highlights(start: number, end: number): readonly Highlight[] {
    const query = this.#host.grammar().highlights?.get();
    return !this.#parsed || query === undefined ? [] : highlightsIn(query, this.#tree.rootNode, start, end);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#tree.delete();
    this.#items = [];
    this.#uses.forget();
  }

  #outline(): Outlined {
    this.#outlined ??= buildOutline({
      language: this.language,
      row: this.#host.grammar().row,
      lines: this.#lines,
      items: this.#items,
      countErrors: () => (this.#parsed ? countErrors(this.#tree) : 1),
      cache: this.#cache,
    });
    return this.#outlined;
  }

  #localsBetween(start: number, end: number): ReadonlySet<string> {
    const names = new Set<string>();
    const { extents } = this.#outline();
    extents.forEach((extent, index) => {
      if (extent.start >= start && extent.end <= end) for (const name of this.facts(index).parameters) names.add(name);
    });
    for (const { name } of this.#usesBetween(start, end).locals) names.add(name);
    return names;
  }

  #usesBetween(start: number, end: number): Uses {
    const known = this.#known();
    return known === undefined ? noUses : this.#uses.between(known, start, end);
  }

  /** What uses are looked for in; undefined where there is nothing to ask. */
  #known(): Asked | undefined {
    const { calls } = this.#host.grammar();
    return !this.#parsed || calls === undefined ? undefined : { query: calls, tree: this.#tree, lines: this.#lines };
  }

  #plainComments(): readonly Item[] {
    this.#comments ??= this.#items.filter(({ role, kind }) => role === 'comment' && kind !== 'data');
    return this.#comments;
  }

  #emptyTree(): Tree {
    const tree = this.#host.grammar().parser.parse('');
    if (tree === null) throw new Error('The parser gave no tree for an empty text');
    return tree;
  }

  #applyEdit(change: TextChange, stretches: readonly (readonly [number, number])[]): (readonly [number, number])[] {
    const before = this.#lines;
    const { next, start, end } = before.splice(change);
    const newEnd = start + change.text.length;
    this.#tree.edit(
      new Edit({
        startIndex: start,
        oldEndIndex: end,
        newEndIndex: newEnd,
        startPosition: before.pointAt(start),
        oldEndPosition: before.pointAt(end),
        newEndPosition: next.pointAt(newEnd),
      }),
    );
    this.#lines = next;
    // Items that the edit meets must be dropped, also where shifting would move them out of its reach.
    this.#items = this.#items.filter((item) => !touches(item, start, end));
    const edit = { start, end, length: change.text.length };
    for (const item of this.#items) shiftItem(item, start, end, edit.length);
    this.#uses.edit(edit);
    return [...stretches.map((stretch) => moveStretch(stretch, edit)), [start, newEnd] as const];
  }

  #reparse(edited: readonly (readonly [number, number])[]): void {
    const grammar = this.#host.grammar();
    const tree = this.#attempt(() => parseWithin(grammar, this.text, this.#tree, this.#host));
    if (tree === undefined) {
      this.#giveUp();
      return;
    }
    const changed = this.#tree
      .getChangedRanges(tree)
      .map(({ startIndex, endIndex }) => [startIndex, endIndex] as const);
    this.#tree.delete();
    this.#tree = tree;
    const stretches = mergeStretches([...edited, ...changed]);
    this.#uses.dirty(stretches);
    this.#requery(grammar, stretches);
  }

  /** Replaces the items that meet the changed stretches by what the query finds there now. */
  #requery(grammar: Grammar, stretches: readonly (readonly [number, number])[]): void {
    const isIn = (item: Item): boolean => stretches.some(([start, end]) => touches(item, start, end));
    const kept = this.#items.filter((item) => !isIn(item));
    const found = new Map<string, Item>();
    const { query, plan } = grammar.outline.get();
    for (const [start, end] of stretches) {
      const around = { start: Math.max(0, start - 1), end: Math.min(this.text.length, end + 1) };
      for (const item of collectItems(query, plan, this.#tree.rootNode, around, this.text)) {
        if (isIn(item)) found.set(`${item.pattern} ${item.at.join(' ')}`, item);
      }
    }
    this.#items = [...kept, ...found.values()].sort(compareItems);
  }

  #parseAnew(signal?: AbortSignal): void {
    const grammar = this.#host.grammar();
    const tree = this.#attempt(() => parseWithin(grammar, this.text, undefined, { ...this.#host, signal }));
    if (tree === undefined) {
      this.#giveUp();
      return;
    }
    this.#tree.delete();
    this.#tree = tree;
    this.#parsed = true;
    this.#uses.forget();
    this.#items =
      this.#host.asksAll === true && grammar.whole !== undefined
        ? this.#collectAll(grammar.whole.get())
        : this.#collectOutline(grammar.outline.get());
    this.#items.sort(compareItems);
  }

  #collectOutline({ query, plan }: OutlineQuery): Item[] {
    return collectItems(query, plan, this.#tree.rootNode, undefined, this.text);
  }

  #collectAll({ query, plan, firstUse }: WholeQuery): Item[] {
    const matches = matchesIn(query, this.#tree.rootNode, this.text);
    this.#uses.opened(usesOf(matches, planUses(query), firstUse));
    return itemsOf(matches, plan, this.text, firstUse);
  }

  #giveUp(): void {
    this.#items = [];
    this.#uses.forget();
    if (!this.#parsed) return;
    this.#parsed = false;
    this.#tree.delete();
    this.#tree = this.#emptyTree();
  }

  #attempt(parse: () => Tree | undefined): Tree | undefined {
    try {
      return parse();
    } catch (error) {
      this.#host.onCrash(error);
      return undefined;
    }
  }
}
