import { type Candidate, nearest } from './bearers.ts';
import type { Found, Scope, Site } from './callSite.ts';
import { declaredType } from './declaredType.ts';
import { chainOf, returnTypeIn, typeNameOf } from './expressionText.ts';
import { type LinkedNames, type Meaning, noteAt } from './linkedNames.ts';

/** What an expression is. `class` is the class itself (its static members), `instance` an object of it. */
type Value =
  | { readonly kind: 'class' | 'instance'; readonly symbol: Candidate }
  | { readonly kind: 'functions'; readonly symbols: readonly Candidate[]; readonly self: Candidate | undefined }
  | { readonly kind: 'module'; readonly file: number }
  | { readonly kind: 'foreign' };

/** What else is asked of symbols. */
export interface SymbolFacts {
  signature(symbol: Candidate): string;
  /** Base classes as written. */
  bases(symbol: Candidate): readonly string[];
  /** The symbols around a symbol, itself first. */
  scopes(symbol: Candidate): readonly Scope[];
  named(name: string): readonly Candidate[];
}

const classKinds: ReadonlySet<string> = new Set(['class', 'interface', 'struct', 'enum', 'object']);
const holderKinds: ReadonlySet<string> = new Set([...classKinds, 'module', 'namespace']);
const selfNames: ReadonlySet<string> = new Set(['this', 'self', 'cls']);
/** Questions that one expression may raise: circles of declarations end here. */
const maxQuestions = 200;
const maxBases = 40;
/** Where nothing stands nearer than anything else. */
const elsewhere: Site = { file: -1, line: 0, scopes: [] };
const unknown = { kind: 'unknown' } as const;
const foreign = { kind: 'foreign' } as const;

/** Follows expressions of names and calls through declared and shown types, in languages whose files say what their imports mean. */
export class ReceiverTypes {
  readonly #names: LinkedNames;
  readonly #facts: SymbolFacts;
  #questions = 0;

  constructor(names: LinkedNames, facts: SymbolFacts) {
    this.#names = names;
    this.#facts = facts;
  }

  /** Whom a bare name means beyond the file's own scopes: what it imports, or what is handed on to it. */
  imported(name: string, file: number): Found {
    const meaning = this.#names.lookUp(file, name);
    if (meaning?.kind === 'symbols') return { kind: 'callees', symbols: meaning.symbols };
    return meaning?.kind === 'foreign' ? foreign : unknown;
  }

  /** Whom `receiver.name()` means. */
  member(name: string, receiver: string, site: Site): Found {
    const chain = chainOf(receiver);
    if (chain === undefined) return unknown;
    this.#questions = 0;
    const value = this.#value(chain, site);
    if (value === undefined) return unknown;
    if (value.kind === 'foreign') return foreign;
    const found = this.#step(value, name);
    if (found?.kind === 'functions') return { kind: 'callees', symbols: found.symbols };
    if (found?.kind === 'class') return { kind: 'callees', symbols: [found.symbol] };
    // What the receiver is, is known: a member of that name elsewhere is another one.
    return value.kind === 'functions' ? unknown : foreign;
  }

  #value(chain: string, site: Site): Value | undefined {
    this.#questions++;
    if (this.#questions > maxQuestions) return undefined;
    const [, isNew, head = '', rest = ''] =
      /^(new )?(:?[^.([]*)([\s\S]*)$/.exec(chain.replace(/^super\(\)/, 'super')) ?? [];
    const steps: readonly string[] = rest.match(/\.[^.([]+|\(\)|\[\]/g) ?? [];
    let from = 0;
    let value = isNew === undefined ? this.#head(head, site) : undefined;
    if (isNew !== undefined) {
      // `new a.B()` names the class up to the first call.
      const call = steps.indexOf('()');
      from = call === -1 ? steps.length : call + 1;
      const name = [head, ...steps.slice(0, call === -1 ? steps.length : call)].join('');
      value = this.#instance(this.#class(name, site));
    } else if (value === undefined || value.kind === 'foreign') {
      // `import a.b` binds the path as it is written.
      const path = [head, ...steps.filter((step) => step !== '()' && step !== '[]')].join('').split('.');
      for (let length = Math.min(path.length, steps.length + 1); length > 1; length--) {
        const meaning = this.#names.lookUp(site.file, path.slice(0, length).join('.'));
        if (meaning?.kind !== 'module') continue;
        value = meaning;
        from = length - 1;
        break;
      }
    }
    for (const step of steps.slice(from)) {
      if (value === undefined || value.kind === 'foreign') return value;
      value = step === '()' ? this.#called(value) : step === '[]' ? undefined : this.#step(value, step.slice(1));
    }
    return value;
  }

  #head(name: string, site: Site): Value | undefined {
    const around = site.scopes.find(({ kind }) => holderKinds.has(kind));
    const own = around === undefined ? undefined : this.#candidate(around.symbol, around.name);
    if (selfNames.has(name)) {
      const [signature = ''] = site.scopes.map((scope) => scope.signature);
      const declared = name === 'this' ? declaredType('this', [signature]) : undefined;
      return this.#instance((declared === undefined ? undefined : this.#class(declared, site)) ?? own);
    }
    if (name === 'super') return this.#instance(own && this.#basesOf(own)[0]);
    if (name.startsWith(':')) return this.#instance(this.#class(name.slice(1), site));
    const file = this.#names.file(site.file);
    for (const [index, scope] of site.scopes.entries()) {
      if (holderKinds.has(scope.kind)) continue;
      const type = noteAt(file?.types.get(scope.symbol)?.get(name) ?? [], site.line);
      if (type !== undefined) return this.#typed(type, { ...site, scopes: site.scopes.slice(index) });
      const declared = declaredType(name, [scope.signature]);
      if (declared !== undefined) return this.#instance(this.#class(declared, site));
    }
    return this.#valueOf(this.#names.lookUp(site.file, name), site);
  }

  /** @param site where the name stands */
  #valueOf(meaning: Meaning | undefined, site: Site): Value | undefined {
    switch (meaning?.kind) {
      case undefined:
        return undefined;
      case 'symbols':
        return this.#declaredAs(meaning, site);
      case 'variable':
        return this.#noted(meaning, site);
      case 'module':
      case 'foreign':
        return meaning;
    }
  }

  /** The value of a written type: a class name, or `=` and an expression. */
  #typed(type: string, site: Site, self?: Candidate): Value | undefined {
    if (type === 'this') return this.#instance(self);
    if (!type.startsWith('=')) return this.#instance(this.#class(type, site));
    return this.#value(type.slice(1), site);
  }

  /** An interface is no value: the constant of its name is. */
  #declaredAs({ symbols, notes }: Meaning & { readonly kind: 'symbols' }, site: Site): Value | undefined {
    const [first] = symbols;
    if (first !== undefined && notes.length > 0 && symbols.every(({ kind }) => kind === 'interface')) {
      const value = this.#noted({ kind: 'variable', file: first.file, notes }, site);
      if (value !== undefined) return value;
    }
    return valueOfSymbols(nearestIn(symbols, site), undefined);
  }

  #noted({ file, notes }: Meaning & { readonly kind: 'variable' }, site: Site): Value | undefined {
    const type = noteAt(notes, site.file === file ? site.line : 0);
    return type === undefined ? undefined : this.#typed(type, site.file === file ? site : { ...elsewhere, file });
  }

  #inside(symbol: Candidate): Site {
    // A declaration may use what stands below it.
    return { file: symbol.file, line: symbol.line, scopes: this.#facts.scopes(symbol) };
  }

  #instance(symbol: Candidate | undefined): Value | undefined {
    return symbol === undefined ? undefined : { kind: 'instance', symbol };
  }

  #step(value: Value, name: string): Value | undefined {
    this.#questions++;
    if (this.#questions > maxQuestions) return undefined;
    if (value.kind === 'module') return this.#valueOf(this.#names.lookUp(value.file, name), elsewhere);
    if (value.kind === 'functions' && value.symbols[0]?.language === 'python') {
      // A property is a function with a decorator, which heads leave out.
      const result = this.#result(value.symbols, value.self);
      return result === undefined || result.kind === 'functions' ? undefined : this.#step(result, name);
    }
    if (value.kind !== 'class' && value.kind !== 'instance') return undefined;
    for (const owner of this.#line(value.symbol)) {
      const members = this.#names.members(owner.symbol, name);
      const [first] = members;
      if (first !== undefined) {
        return first.kind === 'property' ? this.#result(members, value.symbol) : valueOfSymbols(members, value.symbol);
      }
      const field = this.#field(owner, name);
      if (field !== undefined) return field;
    }
    return undefined;
  }

  /** A field's declared type, what its class assigns to it, or the constructor's parameter of that name. */
  #field(owner: Candidate, name: string): Value | undefined {
    const file = this.#names.file(owner.file);
    const type = file?.types.get(owner.symbol)?.get(name)?.[0]?.type;
    if (type !== undefined) return this.#typed(type, this.#inside(owner));
    for (const maker of ['constructor', '__init__']) {
      for (const made of this.#names.members(owner.symbol, maker)) {
        const inside = this.#inside(made);
        const assigned = file?.types.get(made.symbol)?.get(`this.${name}`)?.[0]?.type;
        if (assigned !== undefined) return this.#typed(assigned, inside);
        const parameter = new RegExp(
          String.raw`\b(?:public|private|protected|readonly)\s+(?:readonly\s+)?${escaped(name)}\??\s*:\s*([^,)=]+)`,
        ).exec(this.#facts.signature(made))?.[1];
        const declared = parameter === undefined ? undefined : typeNameOf(parameter);
        if (declared !== undefined) return this.#typed(declared, inside);
      }
    }
    return undefined;
  }

  #called(value: Value): Value | undefined {
    if (value.kind === 'class') return { kind: 'instance', symbol: value.symbol };
    return value.kind === 'functions' ? this.#result(value.symbols, value.self) : undefined;
  }

  #result(functions: readonly Candidate[], self: Candidate | undefined): Value | undefined {
    for (const each of functions) {
      const written = returnTypeIn(this.#facts.signature(each));
      const shown = this.#names.file(each.file)?.types.get(each.symbol)?.get('return')?.[0]?.type;
      const type = written === undefined ? shown : written === 'this' ? 'this' : typeNameOf(written);
      if (type === undefined) continue;
      if (type === '=this' || type === '=self' || type === 'this') return this.#instance(self);
      const value = this.#typed(type, this.#inside(each), self);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** The class that a dotted name means in a file, else the only one of its last name in the family of languages. */
  #class(written: string, site: Site): Candidate | undefined {
    const [head = '', ...steps] = written.split('.');
    let meaning = this.#names.lookUp(site.file, head);
    for (const step of steps) {
      const value = this.#valueOf(meaning, site);
      if (value?.kind === 'class')
        meaning = { kind: 'symbols', symbols: this.#names.members(value.symbol.symbol, step), notes: [] };
      else
        meaning =
          value?.kind === 'module'
            ? this.#names.lookUp(value.file, step)
            : value?.kind === 'foreign'
              ? value
              : undefined;
    }
    if (meaning?.kind === 'foreign') return undefined;
    if (meaning?.kind === 'symbols') {
      const named = nearestIn(
        meaning.symbols.filter(({ kind }) => classKinds.has(kind)),
        site,
      )[0];
      if (named !== undefined) return named;
    }
    const value = this.#valueOf(meaning, site);
    if (value?.kind === 'class' || value?.kind === 'instance') return value.symbol;
    const name = steps[steps.length - 1] ?? head;
    const classes = this.#facts.named(name).filter(({ kind }) => classKinds.has(kind));
    return classes.length === 1 ? classes[0] : undefined;
  }

  #candidate(symbol: number, name: string): Candidate | undefined {
    return this.#facts.named(name).find((each) => each.symbol === symbol);
  }

  #basesOf(symbol: Candidate): readonly Candidate[] {
    const aliased = /^(?:export\s+)?(?:declare\s+)?type\b[^=]*=\s*(.+?);?$/s.exec(
      symbol.kind === 'interface' ? this.#facts.signature(symbol) : '',
    )?.[1];
    const alias = aliased === undefined ? undefined : typeNameOf(aliased);
    return [...this.#facts.bases(symbol), ...(alias === undefined || alias.startsWith('=') ? [] : [alias])].flatMap(
      (name) => {
        const base = this.#class(name.replaceAll('::', '.'), this.#inside(symbol));
        return base === undefined || base.symbol === symbol.symbol ? [] : [base];
      },
    );
  }

  /** A class and what it derives from, nearest first. */
  #line(symbol: Candidate): readonly Candidate[] {
    const line = [symbol];
    for (let next = 0; next < line.length && line.length < maxBases; next++) {
      const each = line[next];
      if (each === undefined) break;
      // An interface may be declared in parts.
      const parts = this.#facts
        .named(each.name)
        .filter((part) => part.file === each.file && part.parent === each.parent && classKinds.has(part.kind));
      for (const base of [...parts, ...this.#basesOf(each)])
        if (!line.some((known) => known.symbol === base.symbol)) line.push(base);
    }
    return line;
  }
}

function nearestIn(symbols: readonly Candidate[], site: Site): readonly Candidate[] {
  const [first] = symbols;
  if (first === undefined || first.file !== site.file) return symbols;
  const near = nearest(symbols, site.line);
  return near === undefined ? [] : [near, ...symbols.filter((each) => each.kind !== near.kind)];
}

function valueOfSymbols(symbols: readonly Candidate[], self: Candidate | undefined): Value | undefined {
  const holder = symbols.find(({ kind }) => holderKinds.has(kind));
  const functions = symbols.filter(({ kind }) => !holderKinds.has(kind));
  if (functions.length > 0) return { kind: 'functions', symbols: functions, self };
  return holder === undefined ? undefined : { kind: 'class', symbol: holder };
}

function escaped(name: string): string {
  return name.replace(/[$#]/g, '\\$&');
}
