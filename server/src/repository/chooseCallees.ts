import type { Bearers, Candidate } from './bearers.ts';
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
  readonly place: FilePlace;
  readonly imports: ImportTargets;
  /** The symbols around the call, innermost first. */
  readonly scopes: readonly Scope[];
}

export interface Scope {
  readonly symbol: number;
  readonly kind: string;
  readonly signature: string;
  /** Names of base classes, as written. */
  readonly bases: readonly string[];
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
 * Who is called, from the surest sign to the weakest: the scopes around the call, the class that the receiver names, what the file imports,
 * the same folder, and at last a name that few symbols bear. A name of one word on an object of unknown type (`x.get()`) mostly belongs to
 * the language's own library: it is not guessed.
 */
export function chooseCallees(call: CalledName, bearers: Bearers): readonly Callee[] {
  if (bearers.all.length === 0) return [];
  const sure = call.receiver === '' ? byScope(call, bearers) : byReceiver(call, bearers);
  if (sure !== undefined) return [sure];
  const imported = bearers.imported(call.file, call.imports);
  if (imported.length > 0) return share(imported, call.receiver === '' ? 0.9 : 0.8);
  const mayGuess = call.receiver === '' || splitIdentifier(call.name).length > 1;
  if (!mayGuess && !folderIsScope.has(call.language)) return [];
  const near = bearers.inFolder(call.place.folder).filter((each) => isMember(each) === (call.receiver !== ''));
  if (near.length > 0) return share(near, 0.7);
  return mayGuess ? share(bearers.all, 0.6) : [];
}

/** A bare name: a symbol in a scope around the call, at the top of the file, inherited, or the only one in the file. */
function byScope(call: CalledName, bearers: Bearers): Callee | undefined {
  for (const scope of call.scopes) {
    const inScope = bearers.inScope(scope.symbol);
    if (inScope !== undefined) return { symbol: inScope.symbol, confidence: 0.95 };
  }
  const inFile = bearers.inFile(call.file);
  const topLevel = inFile.find(({ parent }) => parent === undefined);
  if (topLevel !== undefined) return { symbol: topLevel.symbol, confidence: 0.95 };
  const inherited = byBases(call, bearers);
  if (inherited !== undefined) return inherited;
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
  const inClass = declared === undefined ? [] : inOwner.filter(({ owner }) => owner?.name === name);
  const owned = inClass.length > 0 ? inClass : inOwner;
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
