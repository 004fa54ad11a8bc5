import { type Candidate, nearest } from './bearers.ts';
import { type Callback, callbackOf } from './callbackNotes.ts';
import type { Found, Site } from './callSite.ts';
import { type ChainSteps, parameterProperties, receiverSteps, stepsOf } from './chainSteps.ts';
import { ClassLines } from './classLines.ts';
import { declaredType } from './declaredType.ts';
import { returnTypeIn, typeNameOf } from './expressionText.ts';
import { classByVariable, givenClass, type TypeLookUp } from './givenTypes.ts';
import { type Answer, handedAtTop, type LinkedNames, type Meaning, type NotedType, noteAt } from './linkedNames.ts';
import { classKinds, holderKinds, type SymbolFacts, type Value, valueOfSymbols } from './receiverValue.ts';

const selfNames: ReadonlySet<string> = new Set(['this', 'self', 'cls']);
/** Questions that one expression may raise: circles of declarations end here. */
const maxQuestions = 200;
const maxMembers = 20_000;
/** Where nothing stands nearer than anything else. */
const elsewhere: Site = { file: -1, line: 0, scopes: [] };
const unknown = { kind: 'unknown' } as const;
const foreign = { kind: 'foreign' } as const;

/** Follows expressions of names and calls through declared and shown types, in languages whose files say what their imports mean. */
export class ReceiverTypes {
  readonly #names: LinkedNames;
  readonly #facts: SymbolFacts;
  readonly #lines: ClassLines;
  #questions = 0;
  /** What the receivers of one file are, by the symbol around them. */
  readonly #receivers = new Map<string, Value | undefined>();
  #receiversOf: number | undefined;
  #hangsOnLine = false;
  readonly #lookUp: TypeLookUp;
  /** Members by class and name. */
  readonly #members = new Map<string, Answer<Value | undefined>>();

  constructor(names: LinkedNames, facts: SymbolFacts) {
    this.#names = names;
    this.#facts = facts;
    this.#lines = new ClassLines(facts, (written, of) => this.#class(written, this.#inside(of)));
    this.#lookUp = {
      class: (written, site) => this.#class(written, site),
      inside: (symbol) => this.#inside(symbol),
      signature: (symbol) => facts.signature(symbol),
      callSignature: ({ file, symbol }) => names.file(file)?.types.get(symbol)?.get('()')?.[0]?.type,
    };
  }

  /** Whom a bare name means beyond the file's own scopes: what it imports, or what is handed on to it. */
  imported(name: string, file: number): Found {
    const meaning = this.#names.lookUp(file, name);
    if (meaning?.kind === 'symbols') return { kind: 'callees', symbols: meaning.symbols };
    return meaning?.kind === 'foreign' ? foreign : unknown;
  }

  /** Whom `receiver.name()` means. */
  member(name: string, receiver: string, site: Site): Found {
    const chain = receiverSteps(receiver);
    if (chain === undefined) return unknown;
    this.#questions = 0;
    const value = this.#receiver(chain, receiver, site);
    if (value === undefined) return unknown;
    if (value.kind === 'foreign') return foreign;
    const found = this.#step(value, name);
    if (found?.kind === 'functions') return { kind: 'callees', symbols: found.symbols };
    if (found?.kind === 'class') return { kind: 'callees', symbols: [found.symbol] };
    // What the receiver is, is known: a member of that name elsewhere is another one.
    return value.kind === 'functions' ? unknown : foreign;
  }

  /** Functions say the same receivers again and again; a variable that is declared more than once may be another thing on each line. */
  #receiver(chain: ChainSteps, receiver: string, site: Site): Value | undefined {
    if (this.#receiversOf !== site.file) this.#receivers.clear();
    this.#receiversOf = site.file;
    const key = `${site.scopes[0]?.symbol} ${receiver}`;
    if (this.#receivers.has(key)) return this.#receivers.get(key);
    this.#hangsOnLine = false;
    const value = this.#value(chain, site);
    if (!this.#hangsOnLine) this.#receivers.set(key, value);
    return value;
  }

  #value({ isNew, head, steps }: ChainSteps, site: Site): Value | undefined {
    this.#questions++;
    if (this.#questions > maxQuestions) return undefined;
    let from = 0;
    let value = isNew ? undefined : this.#head(head, site);
    if (isNew) {
      // `new a.B()` names the class up to the first call.
      const call = steps.indexOf('()');
      from = call === -1 ? steps.length : call + 1;
      const name = [head, ...steps.slice(0, call === -1 ? steps.length : call)].join('');
      value = this.#instance(this.#class(name, site));
    } else if ((value === undefined || value.kind === 'foreign') && this.#names.file(site.file)?.hasPaths === true) {
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
    if (name === 'super') return this.#instance(own && this.#lines.basesOf(own)[0]);
    if (name.startsWith(':')) return this.#instance(this.#class(name.slice(1), site));
    const file = this.#names.file(site.file);
    for (const [index, scope] of site.scopes.entries()) {
      if (holderKinds.has(scope.kind)) continue;
      const type = this.#noteOf(file?.types.get(scope.symbol)?.get(name) ?? [], site);
      if (type !== undefined) return this.#typed(type, { ...site, scopes: site.scopes.slice(index) });
      const declared = declaredType(name, [scope.signature]);
      if (declared !== undefined) return this.#instance(this.#class(declared, site));
      const given = classByVariable(scope.signature, name, site, this.#lookUp);
      if (given !== undefined) return this.#instance(given);
    }
    const handed = this.#noteOf(file?.types.get(handedAtTop)?.get(name) ?? [], site);
    if (handed !== undefined) return this.#typed(handed, { ...site, scopes: [] });
    return this.#valueOf(this.#names.lookUp(site.file, name), site);
  }

  #noteOf(notes: readonly NotedType[], site: Site): string | undefined {
    this.#hangsOnLine ||= notes.length > 1 || notes[0]?.endLine !== undefined;
    return noteAt(notes, site.line);
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

  /** The value of a noted type: a class name, `=` and an expression, or what a call hands to the function in its argument. */
  #typed(type: string, site: Site, self?: Candidate): Value | undefined {
    if (type === 'this') return this.#instance(self);
    const callback = type.startsWith('(') ? callbackOf(type) : undefined;
    if (callback !== undefined) return this.#handed(callback, site);
    if (!type.startsWith('=')) return this.#instance(this.#class(type, site));
    return this.#value(stepsOf(type.slice(1)), site);
  }

  /** What a call hands to the function that is its argument; `new Task((run) => …)` calls the constructor, maybe an inherited one. */
  #handed(callback: Callback, site: Site): Value | undefined {
    const chain = stepsOf(callback.callee);
    const value = this.#value(chain, site);
    if (value?.kind === 'functions') return this.#instance(givenClass(value.symbols, callback, this.#lookUp));
    if (value?.kind !== 'instance' || !chain.isNew) return undefined;
    const makers = this.#lines.from(value.symbol).map(({ symbol }) => this.#names.members(symbol, 'constructor'));
    return this.#instance(givenClass(makers.find(({ length }) => length > 0) ?? [], callback, this.#lookUp));
  }

  /** An interface is no value: the constant of its name is. */
  #declaredAs({ symbols, notes }: Meaning & { readonly kind: 'symbols' }, site: Site): Value | undefined {
    const [first] = symbols;
    if (first !== undefined && notes.length > 0 && symbols.every(({ kind }) => kind === 'interface')) {
      const value = this.#noted({ kind: 'variable', file: first.file, notes }, site);
      if (value !== undefined) return value;
    }
    return valueOfSymbols(this.#near(symbols, site), undefined);
  }

  /** Of symbols of one name in the file itself those that count at a line. */
  #near(symbols: readonly Candidate[], site: Site): readonly Candidate[] {
    const [first] = symbols;
    if (first === undefined || first.file !== site.file) return symbols;
    this.#hangsOnLine ||= symbols.length > 1;
    const near = nearest(symbols, site.line);
    return near === undefined ? [] : [near, ...symbols.filter((each) => each.kind !== near.kind)];
  }

  #noted({ file, notes }: Meaning & { readonly kind: 'variable' }, site: Site): Value | undefined {
    const type = this.#noteOf(notes, site.file === file ? site : { ...site, line: 0 });
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
    const key = `${value.symbol.symbol} ${name}`;
    const known = this.#members.get(key);
    if (known !== undefined) return this.#names.use(known);
    const found = this.#names.gather(() => this.#member(value.symbol, name));
    // An answer that ran out of questions may be another one elsewhere.
    if (this.#questions <= maxQuestions) {
      if (this.#members.size >= maxMembers) this.#members.clear();
      this.#members.set(key, found);
    }
    return this.#names.use(found);
  }

  #member(symbol: Candidate, name: string): Value | undefined {
    for (const owner of this.#lines.from(symbol)) {
      const members = this.#names.members(owner.symbol, name);
      const [first] = members;
      if (first !== undefined) {
        return first.kind === 'property' ? this.#result(members, symbol) : valueOfSymbols(members, symbol);
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
        const parameter = parameterProperties(this.#facts.signature(made)).get(name);
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
      const named = this.#near(
        meaning.symbols.filter(({ kind }) => classKinds.has(kind)),
        site,
      )[0];
      if (named !== undefined) return named;
    }
    const value = this.#valueOf(meaning, site);
    if (value?.kind === 'class' || value?.kind === 'instance') return value.symbol;
    const name = steps[steps.length - 1] ?? head;
    const classes = this.#facts.named(name).all.filter(({ kind }) => classKinds.has(kind));
    return classes.length === 1 ? classes[0] : undefined;
  }

  #candidate(symbol: number, name: string): Candidate | undefined {
    return this.#facts.named(name).all.find((each) => each.symbol === symbol);
  }
}
