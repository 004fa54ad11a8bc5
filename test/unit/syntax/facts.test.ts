import { afterAll, describe, expect, it } from 'vitest';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import type { SyntaxDocument } from '../../../server/src/syntax/document.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import type { LanguageId } from '../../../server/src/types/outline.ts';
import { readFixture, root, syntax } from './openFixture.ts';

afterAll(() => syntax.dispose());

async function open(name: string): Promise<SyntaxDocument> {
  const { text, language } = readFixture(name);
  return syntax.open(language, text);
}

function named(document: SyntaxDocument, name: string): number {
  return document.outline.symbols.findIndex((symbol) => symbol.name === name);
}

describe('facts', () => {
  it.each([
    ['inventory.ts', 'reserve', 2],
    ['bank.py', 'transfer', 2],
    ['Ledger.java', 'groupBy', 2],
    ['queue.c', 'each', 4],
    ['matrix.cpp', 'visit', 2],
    ['stack.go', 'add', 3],
    ['tree.rs', 'visit', 2],
    ['Cart.php', 'add', 3],
    ['Shapes.swift', 'grow', 3],
    ['library.rb', 'lend!', 3],
    ['Geometry.scala', 'visit', 2],
    ['Chat.kt', 'send', 2],
    ['routine.m', 'ADD', 2],
  ])('%s: %s has %i parameters', async (name, symbol, count) => {
    const document = await open(name);
    expect(document.facts(named(document, symbol)).parameters).toHaveLength(count);
    document.dispose();
  });

  it('shows bases, raises, return types and whether a value comes back', async () => {
    const document = await open('bank.py');
    expect(document.facts(named(document, 'transfer'))).toMatchObject({
      parameters: ['other', 'amount'],
      returnType: 'bool',
      returnsValue: true,
      raises: ['ValueError'],
    });
    expect(document.facts(named(document, 'BankError')).bases).toEqual(['Exception']);
    document.dispose();
  });

  it('does not take what an inner function returns for the outer one', async () => {
    const document = await open('stack.go');
    expect(document.facts(named(document, 'main')).returnsValue).toBe(false);
    document.dispose();
  });
});

describe('whether a value comes back, where the head of a function says so', () => {
  it.each<[LanguageId, string, boolean]>([
    ['kotlin', 'fun write(to: Int) {\n  return send(to)\n}\n', false],
    ['kotlin', 'fun write(to: Int): Long {\n  return send(to)\n}\n', true],
    ['kotlin', 'fun write(to: Int) = send(to)\n', true],
    ['swift', 'func write(to: Int) {\n  return send(to)\n}\n', false],
    ['swift', 'func write(to: Int) -> Int {\n  return send(to)\n}\n', true],
    ['rust', 'fn write(to: u8) {\n    return send(to);\n}\n', false],
    ['rust', 'fn write(to: u8) -> u8 {\n    return send(to);\n}\n', true],
    ['go', 'package a\nfunc write(to int) int {\n\treturn send(to)\n}\n', true],
    ['typescript', 'function write(to: number) {\n  return send(to);\n}\n', true],
  ])('%s: %j', async (language, text, expected) => {
    const document = await syntax.open(language, text);
    expect(document.facts(named(document, 'write')).returnsValue).toBe(expected);
    document.dispose();
  });
});

describe('the fields of a class', () => {
  it.each<[LanguageId, string, string, readonly string[]]>([
    ['rust', 'A', 'struct A {\n    pub a: u16,\n    b: B,\n}\n', ['a', 'b']],
    ['rust', 'A', 'enum A {\n    One,\n    Two { x: u8 },\n}\n', ['One', 'Two']],
    ['go', 'A', 'package a\ntype A struct {\n\tKey, ID string\n\tIn struct{ X int }\n}\n', ['Key', 'ID', 'In']],
    ['c', 'a', 'struct a {\n  int x, *y;\n  struct { int q; } in[3];\n};\n', ['x', 'y', 'in']],
    ['cpp', 'A', 'class A {\n  std::string x;\n  int& y;\n  void f();\n};\n', ['x', 'y']],
    ['java', 'A', 'class A {\n  private int x, y = 1;\n  void f() { int z = 2; }\n}\n', ['x', 'y']],
    ['java', 'A', 'enum A {\n  ONE, TWO;\n  final int q = 1;\n}\n', ['ONE', 'TWO']],
    ['csharp', 'A', 'class A {\n  public int X { get; }\n  int y;\n  class B { int z; }\n}\n', ['X', 'y']],
    ['typescript', 'A', 'interface A {\n  x: { q: number };\n  y?: string;\n  f(): void;\n}\n', ['x', 'y']],
    ['typescript', 'A', 'enum A {\n  One,\n  Two = 2,\n}\n', ['One', 'Two']],
    ['javascript', 'A', 'class A {\n  x = 1;\n  #y = 2;\n}\n', ['x']],
    ['python', 'A', 'class A:\n    x: int\n    y = 1\n    def f(self):\n        z = 2\n', ['x', 'y']],
    ['kotlin', 'A', 'class A(val x: Int, y: Int) {\n  var z = 1\n}\n', ['x', 'z']],
    ['kotlin', 'A', 'class A {\n  val x = object : B() {\n    val inner = 1\n  }\n}\n', ['x']],
    ['scala', 'A', 'class A {\n  val x = new B {\n    val inner = 1\n  }\n}\n', ['x']],
    ['swift', 'A', 'struct A {\n  let x: Int\n  var y: String\n}\n', ['x', 'y']],
    ['scala', 'A', 'case class A(\n  x: Int,\n  y: String,\n)\n', ['x', 'y']],
    ['php', 'A', '<?php\nclass A {\n  private int $x;\n  public $y = 1;\n}\n', ['$x', '$y']],
  ])('%s: %s of %j', async (language, name, text, fields) => {
    const document = await syntax.open(language, text);
    expect(document.facts(named(document, name)).fields).toEqual(fields);
    document.dispose();
  });
});

describe('calls and imports', () => {
  it('names receivers and kinds', async () => {
    const document = await open('Ledger.java');
    const sites = document.calls({ start: { line: 57, character: 0 }, end: { line: 66, character: 0 } });
    expect(sites.map(({ kind, receiver, name }) => [kind, receiver, name])).toEqual([
      ['call', 'System.out', 'println'],
      ['call', 'printer', 'run'],
      ['new', undefined, 'java.util.HashMap<>'],
    ]);
    expect(document.imports().map(({ name }) => name)).toEqual([
      'java.util.List',
      'java.util.Map',
      'java.util.Objects.requireNonNull',
    ]);
    document.dispose();
  });

  it('names the routine of a MUMPS call', async () => {
    const document = await open('routine.m');
    const sites = document.calls(document.outline.symbols[1]!.range);
    expect(sites.map(({ receiver, name }) => [receiver, name])).toContainEqual(['OTHER', 'SUB']);
    document.dispose();
  });
});

describe('canonical', () => {
  const whole = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };
  async function canonical(language: LanguageId, text: string, renameLocals = false): Promise<string> {
    const document = await syntax.open(language, text);
    const result = document.canonical(whole, { renameLocals });
    document.dispose();
    return result;
  }

  it('does not change with formatting and comments', async () => {
    const plain = await canonical('typescript', 'function f(a){return a+"x  y"}');
    expect(await canonical('typescript', '// doc\nfunction f( a ) {\n  /* b */ return a + "x  y"\n}\n')).toBe(plain);
    expect(await canonical('typescript', 'function f(a){return a+"x y"}')).not.toBe(plain);
  });

  it('keeps the layout of Python', async () => {
    const inside = await canonical('python', 'if a:\n  b()\n  c()\n');
    expect(await canonical('python', 'if a:\n    b()\n    # note\n    c()\n')).toBe(inside);
    expect(await canonical('python', 'if a:\n  b()\nc()\n')).not.toBe(inside);
  });

  it('does not change when locals are renamed, if asked so', async () => {
    const first = await canonical('typescript', 'function f(a) { const b = a.a; return b; }', true);
    expect(await canonical('typescript', 'function f(x) { const y = x.a; return y; }', true)).toBe(first);
    expect(await canonical('typescript', 'function f(x) { const y = x.x; return y; }', true)).not.toBe(first);
  });
});

describe('macros that define routines', () => {
  it('become symbols by the setting', async () => {
    const own = createSyntax({ locate: repositoryAssets(root), macros: { asm: ['my_func'], hlasm: ['MYENT'] } });
    const { text } = readFixture('memory.nasm');
    const document = await own.open('asm', text);
    expect(document.outline.symbols.map(({ name }) => name)).toContain('clear_bytes');
    const assembler = [
      '         TITLE',
      'M        CSECT',
      'BAR      MYENT X=1',
      '         MYENT FOO',
      '         END',
      '',
    ];
    const program = await own.open('hlasm', assembler.join('\n'));
    expect(program.outline.symbols.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'section M',
      'proc BAR',
      'proc FOO',
    ]);
    program.dispose();
    document.dispose();
    own.dispose();
  });
});

describe('limits', () => {
  it('gives an empty outline with one error beyond them, and follows the text back', async () => {
    const small = createSyntax({ locate: repositoryAssets(root), limits: { maxLength: 30 } });
    const document = await small.open('typescript', 'function first() {}\nfunction second() {}\n');
    expect(document.outline).toMatchObject({ parseErrors: 1, symbols: [] });
    document.update([{ range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }, text: '' }]);
    expect(document.outline.symbols.map(({ name }) => name)).toEqual(['first']);
    document.dispose();
    small.dispose();
  });

  it('gives up when time runs out', async () => {
    let now = 0;
    const slow = createSyntax({ locate: repositoryAssets(root), clock: () => (now += 5000) });
    const document = await slow.open('javascript', 'f(1);\n'.repeat(20_000));
    expect(document.outline.parseErrors).toBe(1);
    document.dispose();
    slow.dispose();
  });
});
