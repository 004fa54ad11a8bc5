import { type Bearers, type Candidate, isCalled, nearest } from './bearers.ts';
import type { Found, Scope } from './callSite.ts';
import { declaredType } from './declaredType.ts';
import { splitIdentifier } from './identifiers.ts';
import type { FilePlace, ImportTargets } from './importTargets.ts';

/** A call with what its syntax and its file say about who is meant. */
export interface CalledName {
  readonly name: string;
  readonly language: string;
  /** What stands before the name; empty for a bare name. */
  readonly receiver: string;
  readonly file: number;
  /** 0-based. */
  readonly line: number;
  readonly place: FilePlace;
  readonly imports: ImportTargets;
  /** The symbols around the call, innermost first. */
  readonly scopes: readonly Scope[];
  /** Asks what declarations in this and other files say, where the language's imports can be followed. */
  readonly declared?: () => Found;
}

export interface Callee {
  readonly symbol: number;
  /** 0–1: how sure the syntax makes us. */
  readonly confidence: number;
}

/** Of a name that nothing but itself points to, so many bearers are kept. */
const maxGuesses = 4;

/** Languages that see the classes of their own folder without an import. */
const folderIsScope: ReadonlySet<string> = new Set(['java', 'kotlin', 'scala', 'go', 'csharp', 'swift']);

const classKinds = new Set(['class', 'interface', 'struct', 'enum', 'object', 'module', 'namespace']);
const selfNames = new Set(['this', 'self', 'cls', '$this', 'Self', '@self']);
const superNames = /^(super|super\(.*\)|base|parent)$/;

/**
 * Who is called, from the surest sign to the weakest: the scopes around the call, what imports and types say as far as they can be followed,
 * the class that the receiver names, what the file imports, the same folder, and at last a name that few symbols bear. A name of one word on
 * an object of unknown type (`x.get()`) mostly belongs to the language's own library: it is not guessed.
 */
export function chooseCallees(call: CalledName, bearers: Bearers): readonly Callee[] {
  const near = call.receiver === '' ? inScopes(call, bearers) : undefined;
  if (near !== undefined) return [near];
  const declared = call.declared?.();
  if (declared?.kind === 'foreign') return [];
  if (declared?.kind === 'callees') {
    const callee = declared.symbols.find(isCalled);
    if (callee !== undefined) {
      const isOwn = selfNames.has(call.receiver) && callee.parent === classAround(call)?.symbol;
      return [{ symbol: callee.symbol, confidence: isOwn ? 0.95 : 0.9 }];
    }
  }
  const sure = call.receiver === '' ? unqualified(call, bearers) : byReceiver(call, bearers);
  if (sure !== undefined) return [sure];
  const imported = bearers.imported(call.file, call.imports);
  if (imported.length > 0) return share(imported, call.receiver === '' ? 0.9 : 0.8);
  const mayGuess = call.receiver === '' || splitIdentifier(call.name).length > 1;
  if (!mayGuess && !folderIsScope.has(call.language)) return [];
  const inFolder = bearers.inFolder(call.place.folder).filter((each) => isMember(each) === (call.receiver !== ''));
  if (inFolder.length > 0) return share(inFolder, 0.7);
  return mayGuess ? share(bearers.all, 0.6) : [];
}

/**
 * A bare name: a symbol in a scope around the call, or at the top of the file. Where declarations can be followed, in Python and JavaScript, a
 * class is no scope: its members are called on something.
 */
function inScopes(call: CalledName, bearers: Bearers): Callee | undefined {
  for (const scope of call.scopes) {
    if (call.declared !== undefined && classKinds.has(scope.kind)) continue;
    const inScope = bearers.inScope(scope.symbol);
    if (inScope !== undefined) return { symbol: inScope.symbol, confidence: 0.95 };
  }
  const topLevel = nearest(
    bearers.inFile(call.file).filter(({ parent }) => parent === undefined),
    call.declared === undefined ? 0 : call.line,
  );
  return topLevel === undefined ? undefined : { symbol: topLevel.symbol, confidence: 0.95 };
}

/** An inherited member, or the only bearer in the file. */
function unqualified(call: CalledName, bearers: Bearers): Callee | undefined {
  const inherited = call.declared === undefined ? byBases(call, bearers) : undefined;
  if (inherited !== undefined) return inherited;
  const inFile = bearers.inFile(call.file).filter((each) => call.declared === undefined || !isMember(each));
  const [only] = inFile;
  return only === undefined || inFile.length > 1 ? undefined : { symbol: only.symbol, confidence: 0.8 };
}

function byReceiver(call: CalledName, bearers: Bearers): Callee | undefined {
  if (selfNames.has(call.receiver)) {
    const own = classAround(call);
    const member = own && bearers.inScope(own.symbol);
    return member === undefined ? byBases(call, bearers) : { symbol: member.symbol, confidence: 0.95 };
  }
  if (superNames.test(call.receiver)) return byBases(call, bearers);
  const declared = declaredType(
    call.receiver,
    call.scopes.map(({ signature }) => signature),
  );
  const name = declared ?? nameOf(call.receiver);
  const inOwner = bearers.ownedBy(name);
  // A declared type is a class, never the file of that name; a bare receiver may be either.
  const isClass = declared !== undefined || call.declared !== undefined;
  const inClass = !isClass ? [] : inOwner.filter(({ owner }) => owner?.name === name);
  // Where imports can be followed, a variable that happens to be called as a file is says nothing.
  const owned = inClass.length > 0 || call.declared !== undefined ? inClass : inOwner;
  const best = owned.find(({ file }) => file === call.file) ?? (owned.length === 1 ? owned[0] : undefined);
  return best === undefined ? undefined : { symbol: best.symbol, confidence: 0.9 };
}

function byBases(call: CalledName, bearers: Bearers): Callee | undefined {
  const names = (classAround(call)?.bases ?? []).map(nameOf);
  const inherited = names.flatMap((name) => bearers.ownedBy(name).filter(({ owner }) => owner?.name === name));
  const best = inherited.find(({ file }) => file === call.file) ?? inherited[0];
  return best === undefined ? undefined : { symbol: best.symbol, confidence: 0.85 };
}

function classAround({ scopes }: CalledName): Scope | undefined {
  return scopes.find(({ kind }) => classKinds.has(kind));
}

/** Beyond file and imports a bare name means no member of a class, and a call on an object no function at the top of a file. */
function isMember({ owner }: Candidate): boolean {
  return owner !== undefined && classKinds.has(owner.kind);
}

function share(candidates: readonly Candidate[], confidence: number): readonly Callee[] {
  if (candidates.length > maxGuesses) return [];
  return candidates.map(({ symbol }) => ({ symbol, confidence: confidence / candidates.length }));
}

/** `new pkg.Widget(1)` → Widget: the last name of a receiver or base, without arguments and type parameters. */
function nameOf(written: string): string {
  const bare = written.replace(/^new\s+/, '').replace(/[<([].*$/, '');
  return /[\p{L}\p{N}_$%@#]+$/u.exec(bare)?.[0] ?? bare;
}
