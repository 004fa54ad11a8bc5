import { describe, expect, it } from 'vitest';
import { authorText } from '../../../server/src/model/outline/authorDoc.ts';
import { outlineProducer } from '../../../server/src/model/outline/outline.ts';
import { wordsOf } from '../../../server/src/model/outline/words.ts';
import type {
  CallSite,
  LanguageId,
  OutlineSymbol,
  SymbolFacts,
  SymbolKind,
} from '../../../server/src/types/outline.ts';
import type { ProduceRequest } from '../../../server/src/types/produce.ts';
import { never } from './failures.ts';
import { pieceOf, requestFor } from './requests.ts';

const range = { start: { line: 4, character: 0 }, end: { line: 9, character: 1 } };
const nothing: SymbolFacts = { parameters: [], returnsValue: false, calls: [], raises: [], bases: [] };

function call(name: string, receiver?: string, kind: CallSite['kind'] = 'call'): CallSite {
  return { name, range, kind, ...(receiver === undefined ? {} : { receiver }) };
}

interface About {
  readonly kind?: SymbolKind;
  readonly language?: LanguageId;
  readonly doc?: string;
  readonly owner?: string;
  readonly source?: string;
  readonly signature?: string;
  readonly parts?: ProduceRequest['parts'];
}

async function produced(name: string, facts: Partial<SymbolFacts>, about: About = {}) {
  const kind = about.kind ?? 'function';
  const symbol: OutlineSymbol = {
    name,
    kind,
    range,
    selectionRange: range,
    ...(about.doc === undefined ? {} : { doc: about.doc }),
    ...(about.signature === undefined ? {} : { signature: about.signature }),
  };
  const request = requestFor({
    subject: {
      uri: 'file:///w/a',
      path: 'a',
      language: about.language ?? 'typescript',
      symbol: { name, kind, index: 0 },
      range,
    },
    symbol,
    // The source shows what the facts were read from.
    source: about.source ?? `${JSON.stringify([name, facts])}${'\n'.repeat(5)}`,
    facts: { ...nothing, ...facts },
    parts: about.parts ?? [],
    pieces:
      about.owner === undefined
        ? []
        : [{ ...pieceOf('a', `impl ${about.owner.replace(/#.*/, '')}`), role: 'class', symbol: about.owner }],
  });
  const answer = await outlineProducer().produce(request, never);
  if (answer.kind !== 'text') throw new Error('outline answers with text');
  return answer;
}

async function line(name: string, facts: Partial<SymbolFacts>, about: About = {}): Promise<string> {
  return (await produced(name, facts, about)).summary.line;
}

describe('the line of a function', () => {
  it.each<[string, Partial<SymbolFacts>, About, string]>([
    ['parse', { parameters: ['text'], returnType: 'Ast' }, {}, 'Parses `text`; returns `Ast`.'],
    ['parseHTTPHeader', { parameters: ['line', 'strict'] }, {}, 'Parses HTTP header, given `line` and `strict`.'],
    ['isEmpty', { returnsValue: true }, { kind: 'method', owner: 'Queue' }, 'Tells whether it is empty.'],
    ['is_valid_email', { parameters: ['address'], returnType: 'bool' }, {}, 'Tells whether `address` is valid email.'],
    [
      'list_is_empty',
      { parameters: ['l'], returnType: 'int' },
      { language: 'c' },
      'Tells whether list is empty, given `l`; returns `int`.',
    ],
    [
      'list_push',
      { parameters: ['head', 'value'], returnType: 'struct list *' },
      { language: 'c' },
      'Function `list_push` takes `head` and `value` and returns `struct list *`.',
    ],
    [
      '__init__',
      { parameters: ['self', 'path'] },
      { kind: 'constructor', owner: 'Reader', language: 'python' },
      'Creates a new `Reader`, given `path`.',
    ],
    [
      'close',
      { calls: [call('flush', 'self')] },
      { kind: 'method', owner: 'Writer', language: 'python' },
      'Closes the `Writer`; calls `flush`.',
    ],
    ['onClick', { parameters: ['event'] }, {}, 'Handles click, given `event`.'],
    ['hostOf', { parameters: ['url'], returnType: 'string' }, {}, 'Gives the host of `url`; returns `string`.'],
    ['size', { returnType: 'number' }, { kind: 'method', owner: 'List' }, 'Gives the size; returns `number`.'],
    [
      'json_to_yaml',
      { parameters: ['text'], returnsValue: true },
      { language: 'python' },
      'Converts json to yaml, given `text`.',
    ],
    ['wait', { parameters: ['ms'] }, {}, 'Function `wait` takes `ms`.'],
    [
      'strlcpy',
      { parameters: ['dst', 'src', 'n'], returnType: 'size_t' },
      { language: 'c' },
      'Function `strlcpy` takes `dst`, `src` and `n` and returns `size_t`.',
    ],
    [
      'load',
      { parameters: ['path'], raises: ['NotFound', 'NotFound'] },
      { language: 'python' },
      'Loads `path`; may raise `NotFound`.',
    ],
    ['EN1', { parameters: ['DFN'], calls: [call('GET1', 'DIQ')] }, { language: 'mumps' }, 'Label `EN1` takes `DFN`.'],
    [
      'CD',
      { calls: [call('SET', 'RORUT'), call('OBR')] },
      { language: 'mumps' },
      'Label `CD` calls `SET^RORUT` and `OBR`.',
    ],
    ['SYSDATE', {}, { language: 'hlasm' }, 'Label `SYSDATE` of 6 lines.'],
    [
      'INIT',
      { calls: [call('GETMAIN', undefined, 'macro')] },
      { language: 'hlasm', kind: 'section' },
      'Control section `INIT` uses `GETMAIN`.',
    ],
    ['LOOP', { calls: [call('DONE', undefined, 'branch')] }, { language: 'asm' }, 'Label `LOOP` branches to `DONE`.'],
  ])('of %s with %o', async (name, facts, about, expected) => {
    expect(await line(name, facts, about)).toBe(expected);
  });

  it('stays within its limit and leaves the rest to the paragraph', async () => {
    const facts = {
      parameters: ['configurationOfTheWholeProcess', 'environmentOfTheCallingShell', 'temporaryDirectoryForResults'],
      returnType: 'ResultOfTheWholeComputation',
      raises: ['AnExceptionWithAVeryLongNameIndeed'],
    };
    const { summary } = await produced('compute', facts);
    expect(summary.line.length).toBeLessThanOrEqual(141);
    expect(summary.paragraph).toContain('`AnExceptionWithAVeryLongNameIndeed`');
  });

  it.each<[string, Partial<SymbolFacts>, About, string]>([
    // C has no objects that could be destroyed, and `finalize` takes what it finalizes.
    ['finalize', { parameters: ['h', 'out'] }, { language: 'c' }, 'Function `finalize` takes `h` and `out`.'],
    ['finalize', {}, { language: 'java', kind: 'method' }, 'Runs before the object is collected as garbage.'],
    ['toString', { parameters: ['radix'] }, { kind: 'method' }, 'Method `toString` takes `radix`.'],
    ['main', { parameters: ['argv'] }, { language: 'python' }, 'Function `main` takes `argv`.'],
    // The name of what is skipped is no English here, and what `reset` takes may be the new value.
    ['Skip', { parameters: ['skip'] }, { language: 'cpp' }, 'Function `Skip` takes `skip`.'],
    ['Reset', { parameters: ['instant'] }, { language: 'csharp', kind: 'method' }, 'Method `Reset` takes `instant`.'],
    [
      'existsInternal',
      { parameters: ['path'], returnType: 'bool' },
      { language: 'php', kind: 'method' },
      'Method `existsInternal` takes `path` and returns `bool`.',
    ],
    // A macro around the type says how the function is exported.
    ['ap_pdup', { returnType: 'AP_DECLARE(char *)' }, { language: 'c' }, 'Function `ap_pdup` returns `char *`.'],
    [
      'ap_count',
      { parameters: ['w'], returnType: 'PROXY_DECLARE(void)' },
      { language: 'c' },
      'Function `ap_count` takes `w`.',
    ],
    // A name of several words is a noun only where a property or an accessor declares it.
    [
      'secure_wipe_memory',
      { parameters: ['p', 'n'], returnType: 'int' },
      { language: 'c' },
      'Function `secure_wipe_memory` takes `p` and `n` and returns `int`.',
    ],
    ['MaxDepth', { returnType: 'void' }, { language: 'csharp', kind: 'method' }, 'Method `MaxDepth` of 6 lines.'],
    ['each', { returnsValue: true }, { language: 'ruby', kind: 'method' }, 'Method `each` returns a value.'],
    // A verb alone says less than the facts.
    ['start', {}, {}, 'Function `start` of 6 lines.'],
    ['START', {}, { language: 'asm' }, 'Label `START` of 6 lines.'],
    ['PARSE_ERR', {}, { language: 'asm', kind: 'proc' }, 'Procedure `PARSE_ERR` of 6 lines.'],
    // What is torn apart, stays open or is a second verb is no object.
    ['getBBox', { returnType: 'Box' }, { kind: 'method' }, 'Method `getBBox` returns `Box`.'],
    ['dispatchDraw', { parameters: ['canvas'] }, { kind: 'method' }, 'Method `dispatchDraw` takes `canvas`.'],
    ['delete_if', {}, { kind: 'method', language: 'ruby' }, 'Method `delete_if` of 6 lines.'],
    ['route_added', { parameters: ['verb'] }, { language: 'ruby' }, 'Function `route_added` takes `verb`.'],
    [
      'streamWeight',
      { parameters: ['key'], returnsValue: true },
      {},
      'Function `streamWeight` takes `key` and returns a value.',
    ],
    ['tearDown', {}, { kind: 'method' }, 'Method `tearDown` of 6 lines.'],
    // What a component or a constant is called is a thing.
    ['RunButton', { parameters: ['props'] }, { language: 'typescriptreact' }, 'Function `RunButton` takes `props`.'],
    ['DEFINE_LIST', {}, { kind: 'macro', language: 'c' }, 'Macro `DEFINE_LIST` of 6 lines.'],
    // A question is asked of what it is about.
    [
      'canConvert',
      { parameters: ['type'], returnType: 'boolean' },
      { kind: 'method' },
      'Tells whether it can convert, given `type`.',
    ],
    [
      'startsWith',
      { parameters: ['prefix'], returnType: 'boolean' },
      { kind: 'method' },
      'Tells whether it starts with `prefix`.',
    ],
    [
      'isInputFileReadFailed',
      { returnType: 'Bool' },
      { kind: 'property', language: 'swift' },
      'Property `isInputFileReadFailed` returns `Bool`.',
    ],
    [
      'nvm_is_version_installed',
      { returnsValue: true },
      { language: 'shellscript' },
      'Function `nvm_is_version_installed` of 6 lines.',
    ],
    // Nothing is converted or made where nothing comes back.
    ['animateToCoordinate', { parameters: ['at'] }, { kind: 'method' }, 'Method `animateToCoordinate` takes `at`.'],
    ['NewLine', { returnType: 'void' }, { kind: 'method', language: 'csharp' }, 'Method `NewLine` of 6 lines.'],
    // A variable is no type.
    [
      'check',
      { raises: ['err', 'errors.Missing'] },
      { language: 'python' },
      'Function `check` may raise `errors.Missing`.',
    ],
    ['clear', {}, { kind: 'method', owner: 'LiteralSet#2', language: 'rust' }, 'Clears the `LiteralSet`.'],
    [
      'trim_with_term',
      {},
      { language: 'rust', source: '#[test]\nfn trim_with_term() {\n}' },
      'Test `trim_with_term` of 3 lines.',
    ],
  ])('says rather less than something wrong: %s with %o', async (name, facts, about, expected) => {
    expect(await line(name, facts, about)).toBe(expected);
  });

  it('names only what the source shows, whatever was taken for a name', async () => {
    const facts = { parameters: ['a'], calls: [call('made', 'up')] };
    expect(await line('parse', facts, { source: 'sub parse {\n1\n}' })).toBe('Function `parse` of 3 lines.');
  });

  it('never makes up a name by cutting a long type', async () => {
    const type = `Map<string, Promise<readonly ${'Inner'.repeat(12)}[]>>`;
    const text = await line('load', { returnType: type });
    const words = text.match(/returns `([^`]*)`/)?.[1]?.match(/\w+/g) ?? [];
    expect(words.every((word) => new RegExp(`\\b${word}\\b`).test(type))).toBe(true);
  });
});

describe('the paragraph', () => {
  it('tells parameters, result, errors and calls as sentences that are true by themselves', async () => {
    const facts = {
      parameters: ['a', 'b'],
      returnType: 'number',
      raises: ['RangeError'],
      calls: [call('log'), call('find', 'db'), call('Row', undefined, 'new'), call('merge')],
    };
    const { summary } = await produced('merge', facts, { owner: 'Table', kind: 'method' });
    expect(summary.paragraph).toBe(
      '`merge` is a method of `Table`. It takes `a` and `b` and returns `number`. It may raise `RangeError`. It creates `Row`. It calls `db.find` and `log`, and itself.',
    );
  });

  it('does not take a call of the same name on another object for recursion', async () => {
    const { summary } = await produced('close', { calls: [call('close', 'super()')] }, { kind: 'method' });
    expect(summary.paragraph).not.toContain('itself');
  });

  it('is empty where there is nothing to add', async () => {
    expect((await produced('MAX', {}, { kind: 'macro', language: 'c' })).summary).toEqual({
      line: 'Macro `MAX` of 6 lines.',
      paragraph: '',
      claims: [],
    });
  });
});

describe('an author who documented', () => {
  it('is quoted and named as the origin', async () => {
    const answer = await produced(
      'add',
      { parameters: ['a'] },
      { doc: 'Adds two numbers. Overflow wraps around.\n@param a the first' },
    );
    expect(answer.origin).toBe('author');
    expect(answer.summary).toEqual({ line: 'Adds two numbers.', paragraph: 'Overflow wraps around.', claims: [] });
  });

  it('gets no words put into the mouth: what the code adds is said to come from it', async () => {
    const answer = await produced('add', { parameters: ['a'] }, { doc: 'Adds two numbers.' });
    expect(answer.summary.paragraph).toBe('From the code: it takes `a`.');
  });

  it('who left nothing but a link is not quoted: no link is shown', async () => {
    const answer = await produced('add', { parameters: ['a'] }, { doc: 'https://example.com/sums' });
    expect(answer).toMatchObject({ origin: 'outline', summary: { line: 'Adds `a`.' } });
  });

  it.each<[string, string, LanguageId, string | undefined]>([
    ['an abbreviation', 'Reads e.g. a file. Then stops.', 'python', 'Reads e.g. a file.'],
    ['a version number', 'Since v1.2 this is fast. Yes.', 'go', 'Since v1.2 this is fast.'],
    ['two lines', 'Reads the\n  whole file', 'c', 'Reads the whole file.'],
    ['Doxygen', '\\brief Opens a port.\n\\param p the port', 'cpp', 'Opens a port.'],
    [
      'XML',
      '<summary>\nGets the <see cref="T:Foo.Bar"/> of it.\n</summary>\n<param name="x">X</param>',
      'csharp',
      'Gets the `Foo.Bar` of it.',
    ],
    ['Javadoc', 'Returns {@link Foo#bar} or null.\n\n@return it', 'java', 'Returns `Foo#bar` or null.'],
    ['HTML', '<p>Sorts the <b>list</b>.</p>', 'java', 'Sorts the list .'],
    ['reST', 'Wraps :class:`~a.B` in ``C``.\n\n:param x: y', 'python', 'Wraps `a.B` in `C`.'],
    ['Google style', 'Args:\n  x: the x', 'python', undefined],
    ['only a return tag', '@returns {number} The sum of both', 'javascript', 'Returns the sum of both.'],
    ['a linter pragma', 'eslint-disable-next-line no-console', 'javascript', undefined],
    ['a licence', 'Copyright 2020 Somebody. All rights reserved.', 'c', undefined],
    ['inherited', '{@inheritDoc}', 'java', undefined],
    ['a rule', '----------', 'lua', undefined],
    ['a routine header of the VA', 'HOIFO/BH,SG - HL7 LAB DATA ;3/13/06 9:24am', 'mumps', 'HL7 LAB DATA.'],
    ['Rust sections', 'Joins them.\n\n# Panics\n\nIf empty.', 'rust', 'Joins them.'],
  ])('is understood: %s', (_, doc, language, expected) => {
    expect(authorText(doc, language)?.line).toBe(expected);
  });
});

describe('classes and files', () => {
  const parts = [
    { name: 'constructor', kind: 'constructor', line: 'Creates a new `Reader`.' },
    { name: 'open', kind: 'method', line: 'Opens the file.' },
    { name: 'rows', kind: 'method', line: 'Method `rows` returns `Row[]`.' },
    { name: 'LIMIT', kind: 'method', line: 'Most rows in memory.' },
  ];

  it('say what a class holds and stands on', async () => {
    const { summary } = await produced('Reader', { bases: ['Base'] }, { kind: 'class', parts });
    expect(summary.line).toBe('Class `Reader` based on `Base` with methods `open`, `rows` and `LIMIT`.');
    expect(summary.paragraph).toBe(
      '`constructor` creates a new `Reader`. `open` opens the file. `rows` returns `Row[]`. `LIMIT`: Most rows in memory.',
    );
  });

  it('say what a file holds, classes first', async () => {
    const base = requestFor();
    const { symbol: _, ...subject } = base.subject;
    const request = {
      ...base,
      subject: { ...subject, language: 'python' as const },
      parts: [
        { name: 'main', kind: 'function', line: '' },
        { name: 'Reader', kind: 'class', line: 'Reads.' },
      ],
    };
    const answer = await outlineProducer().produce(request, never);
    expect(answer.kind === 'text' && answer.summary.line).toBe('Python file with class `Reader` and function `main`.');
  });
});

describe('a file without parts', () => {
  it.each([
    ['export const a = () => 1;\nexport const b = () => 2;', 'TypeScript file of 2 lines.'],
    ['int f(void);', 'TypeScript file of 1 line.'],
    ['int a;\u0085int b;\u0085', 'TypeScript file of 2 lines.'],
    ['', 'Empty TypeScript file.'],
    ['\n \n', 'Empty TypeScript file.'],
  ])('says of %j no more than its size: its functions may be of one line', async (source, expected) => {
    const base = requestFor({ source });
    const { symbol: _, ...subject } = base.subject;
    const answer = await outlineProducer().produce({ ...base, subject }, never);
    expect(answer.kind === 'text' && answer.summary.line).toBe(expected);
  });
});

describe('a file with a single part', () => {
  it.each([
    ['routine', 'RORHL11', 'HL7 CYTOPATHOLOGY DATA.', 'MUMPS file with routine `RORHL11`: HL7 CYTOPATHOLOGY DATA.'],
    ['class', 'A', 'Class `A` with method `b`.', 'MUMPS file with class `A` with method `b`.'],
    ['function', 'f', 'Label `f` takes `a`.', 'MUMPS file with label `f`, which takes `a`.'],
    ['class', 'A', 'Class `A` of 3 lines.', 'MUMPS file with class `A`.'],
  ])('says once what the %s %s does', async (kind, name, said, expected) => {
    const base = requestFor();
    const { symbol: _, ...subject } = base.subject;
    const request = {
      ...base,
      subject: { ...subject, language: 'mumps' as const },
      parts: [{ name, kind, line: said }],
    };
    const answer = await outlineProducer().produce(request, never);
    expect(answer.kind === 'text' && answer.summary.line).toBe(expected);
  });
});

describe('words of a language', () => {
  it.each<[LanguageId, SymbolKind, readonly string[], string]>([
    ['rust', 'struct', ['key'], 'Struct `A` with field `key`.'],
    ['typescript', 'interface', ['x', 'y'], 'Interface `A` with properties `x` and `y`.'],
    ['csharp', 'class', ['X', 'y'], 'Class `A` with members `X` and `y`.'],
    ['java', 'enum', ['A', 'B', 'C', 'D', 'E'], 'Enum `A` with values `A`, `B`, `C`, `D` and 1 more.'],
  ])('in %s for a %s with nothing else in it: %j', async (language, kind, fields, expected) => {
    expect(await line('A', { fields }, { language, kind })).toBe(expected);
  });

  it('tells methods and not fields where there are both', async () => {
    const parts = [{ name: 'b', kind: 'method', line: 'Method `b`.' }];
    expect(await line('A', { fields: ['x'] }, { language: 'java', kind: 'class', parts })).toBe(
      'Class `A` with method `b`.',
    );
  });

  it.each<[LanguageId, SymbolKind, string, string]>([
    ['rust', 'class', 'impl A', 'Implementation `A` of 6 lines.'],
    ['rust', 'interface', 'trait A', 'Trait `A` of 6 lines.'],
    ['swift', 'class', 'extension A', 'Extension `A` of 6 lines.'],
    ['swift', 'class', 'final class A', 'Class `A` of 6 lines.'],
    ['php', 'class', 'trait A', 'Trait `A` of 6 lines.'],
    ['php', 'namespace', 'namespace A', 'Namespace `A` of 6 lines.'],
    ['asm', 'function', 'A:', 'Label `A` of 6 lines.'],
  ])('in %s for a %s written %j', async (language, kind, signature, expected) => {
    expect(await line('A', {}, { language, kind, signature })).toBe(expected);
  });
});

describe('names', () => {
  it.each([
    ['parseHTTPResponse2', ['parse', 'HTTP', 'response2']],
    ['MAX_SIZE', ['max', 'size']],
    ['_private', ['private']],
    ['größeÄndern', ['größe', 'ändern']],
  ])('%s are split into words', (name, words) => {
    expect(wordsOf(name)).toEqual(words);
  });

  it('cannot break out of their code marks', async () => {
    expect(await line('a`b', {})).not.toContain('a`b');
  });
});
