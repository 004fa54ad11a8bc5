import type { Candidate } from './bearers.ts';
import { typeNameOf } from './expressionText.ts';
import { classKinds, type SymbolFacts } from './receiverValue.ts';

const maxBases = 40;

/** Classes and what they derive from. */
export class ClassLines {
  readonly #facts: SymbolFacts;
  readonly #classOf: (written: string, of: Candidate) => Candidate | undefined;

  /** @param classOf the class that a base of a class means, as it is written there */
  constructor(facts: SymbolFacts, classOf: (written: string, of: Candidate) => Candidate | undefined) {
    this.#facts = facts;
    this.#classOf = classOf;
  }

  basesOf(symbol: Candidate): readonly Candidate[] {
    const aliased = /^(?:export\s+)?(?:declare\s+)?type\b[^=]*=\s*(.+?);?$/s.exec(
      symbol.kind === 'interface' ? this.#facts.signature(symbol) : '',
    )?.[1];
    const alias = aliased === undefined ? undefined : typeNameOf(aliased);
    return [...this.#facts.bases(symbol), ...(alias === undefined || alias.startsWith('=') ? [] : [alias])].flatMap(
      (name) => {
        const base = this.#classOf(name.replaceAll('::', '.'), symbol);
        return base === undefined || base.symbol === symbol.symbol ? [] : [base];
      },
    );
  }

  /** A class and what it derives from, nearest first. */
  from(symbol: Candidate): readonly Candidate[] {
    const line = [symbol];
    for (let next = 0; next < line.length && line.length < maxBases; next++) {
      const each = line[next];
      if (each === undefined) break;
      // An interface may be declared in parts.
      const parts = this.#facts
        .named(each.name)
        .all.filter((part) => part.file === each.file && part.parent === each.parent && classKinds.has(part.kind));
      for (const base of [...parts, ...this.basesOf(each)])
        if (!line.some((known) => known.symbol === base.symbol)) line.push(base);
    }
    return line;
  }
}
