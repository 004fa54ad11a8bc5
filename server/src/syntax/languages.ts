import type { LanguageId } from '../types/outline.ts';

/** Where the compiled grammar stands: in an npm package during development, one flat folder in the bundle. */
export interface GrammarSource {
  /** File name in the bundle's grammar folder, e.g. `tree-sitter-python.wasm`. */
  readonly file: string;
  /** Path below the repository root that it is copied from. */
  readonly from: string;
}

/** How comments are written. */
export interface CommentSyntax {
  /** Starts a comment that ends with the line; absent where the language has none. */
  readonly line?: string;
  readonly block?: readonly [string, string];
  /** Where a comment about a declaration stands. */
  readonly docs: 'above' | 'docstring';
  /** A comment that starts so belongs to the declaration below even across a blank line. */
  readonly docStart?: RegExp;
}

/** One language: all that the code has to know about it, beside its `.scm` files. */
export interface LanguageRow {
  readonly id: LanguageId;
  readonly grammar: GrammarSource;
  /** Folder with `outline.scm` and `calls.scm` below the repository root (the bundle keeps the same path under `grammars/`). */
  readonly queries: string;
  /** File endings, lower case, with the dot. */
  readonly endings: readonly string[];
  /** Whole file names, lower case. */
  readonly names?: readonly string[];
  /** Ids of other extensions for the same language. */
  readonly foreignIds?: readonly string[];
  readonly comments: CommentSyntax;
  /** Names that make a function in a class its constructor. */
  readonly constructors?: readonly string[];
  /** Where in a parameter the name stands: `a: T` or `T a`. */
  readonly parameterName: 'first' | 'last';
  /** Parameters that the language passes by itself. */
  readonly implicitParameters?: readonly string[];
  /** Names that the language gives where the source writes none. */
  readonly nameAliases?: ReadonlyMap<string, string>;
  /** Separator between a type and its member where a definition names both (`Foo::bar`). */
  readonly memberSeparator?: string;
  /**
   * Query patterns for macros that the user says define routines; `$MACROS` becomes their quoted names. Only where macros make routines.
   */
  readonly macroPatterns?: string;
  /** Names of labels that belong to the code around them and are no symbols of their own. */
  readonly localLabels?: RegExp;
  /** Level of labels whose query gives none: they reach to the next label. */
  readonly labelLevel?: number;
  /** Layout carries meaning, so that the canonical text keeps it: by indentation, or line by line. */
  readonly layout?: 'indent' | 'lines';
  /** The lexer is one function of a megabyte, not worth what V8 spends on optimizing it: see `baselineCode.ts`. */
  readonly hasHugeLexer?: true;
}

const queriesOf = (name: string): string => `grammars/queries/${name}`;
const npm = (folder: string, file: string): GrammarSource => ({ file, from: `node_modules/${folder}/${file}` });
const own = (name: string): GrammarSource => ({
  file: `tree-sitter-${name}.wasm`,
  from: `grammars/${name}/tree-sitter-${name}.wasm`,
});

const javadoc: CommentSyntax = { line: '//', block: ['/*', '*/'], docs: 'above', docStart: /^\/\*\*(?!\/)/ };
const slashes: CommentSyntax = {
  line: '//',
  block: ['/*', '*/'],
  docs: 'above',
  docStart: /^(\/\*[*!](?!\/)|\/\/[/!])/,
};
const hashes: CommentSyntax = { line: '#', docs: 'above' };

const ecmaScript = {
  comments: javadoc,
  constructors: ['constructor'],
  parameterName: 'first',
  implicitParameters: ['this'],
} as const;

/** The one table of languages. To add one, add a row here and an `outline.scm`. */
export const languages: readonly LanguageRow[] = [
  {
    id: 'typescript',
    grammar: npm('tree-sitter-typescript', 'tree-sitter-typescript.wasm'),
    queries: queriesOf('typescript'),
    endings: ['.ts', '.mts', '.cts'],
    ...ecmaScript,
  },
  {
    id: 'typescriptreact',
    grammar: npm('tree-sitter-typescript', 'tree-sitter-tsx.wasm'),
    queries: queriesOf('typescript'),
    endings: ['.tsx'],
    ...ecmaScript,
  },
  {
    id: 'javascript',
    grammar: npm('tree-sitter-javascript', 'tree-sitter-javascript.wasm'),
    queries: queriesOf('javascript'),
    endings: ['.js', '.mjs', '.cjs'],
    ...ecmaScript,
  },
  {
    id: 'javascriptreact',
    grammar: npm('tree-sitter-javascript', 'tree-sitter-javascript.wasm'),
    queries: queriesOf('javascript'),
    endings: ['.jsx'],
    ...ecmaScript,
  },
  {
    id: 'python',
    grammar: npm('tree-sitter-python', 'tree-sitter-python.wasm'),
    queries: queriesOf('python'),
    endings: ['.py', '.pyi', '.pyw'],
    names: ['sconstruct', 'sconscript', 'wscript'],
    comments: { line: '#', docs: 'docstring' },
    constructors: ['__init__'],
    parameterName: 'first',
    implicitParameters: ['self', 'cls', '/', '*'],
    layout: 'indent',
  },
  {
    id: 'java',
    grammar: npm('tree-sitter-java', 'tree-sitter-java.wasm'),
    queries: queriesOf('java'),
    endings: ['.java'],
    comments: javadoc,
    parameterName: 'last',
  },
  {
    id: 'c',
    grammar: npm('tree-sitter-c', 'tree-sitter-c.wasm'),
    queries: queriesOf('c'),
    endings: ['.c', '.h'],
    comments: slashes,
    parameterName: 'last',
  },
  {
    id: 'cpp',
    grammar: npm('tree-sitter-cpp', 'tree-sitter-cpp.wasm'),
    queries: queriesOf('cpp'),
    endings: ['.cc', '.cpp', '.cxx', '.c++', '.hh', '.hpp', '.hxx', '.h++', '.ipp', '.inl', '.tpp', '.cu', '.cuh'],
    foreignIds: ['cuda-cpp'],
    comments: slashes,
    parameterName: 'last',
    memberSeparator: '::',
  },
  {
    id: 'csharp',
    grammar: npm('tree-sitter-c-sharp', 'tree-sitter-c_sharp.wasm'),
    queries: queriesOf('csharp'),
    endings: ['.cs', '.csx'],
    comments: slashes,
    parameterName: 'last',
  },
  {
    id: 'go',
    grammar: npm('tree-sitter-go', 'tree-sitter-go.wasm'),
    queries: queriesOf('go'),
    endings: ['.go'],
    comments: { line: '//', block: ['/*', '*/'], docs: 'above' },
    parameterName: 'first',
  },
  {
    id: 'rust',
    grammar: npm('tree-sitter-rust', 'tree-sitter-rust.wasm'),
    queries: queriesOf('rust'),
    endings: ['.rs'],
    comments: { line: '//', block: ['/*', '*/'], docs: 'above', docStart: /^(\/\/\/(?!\/)|\/\*\*(?!\/))/ },
    parameterName: 'first',
    implicitParameters: ['self'],
  },
  {
    id: 'ruby',
    grammar: npm('tree-sitter-ruby', 'tree-sitter-ruby.wasm'),
    queries: queriesOf('ruby'),
    endings: ['.rb', '.rake', '.gemspec', '.ru', '.rbw'],
    names: ['rakefile', 'gemfile', 'guardfile', 'vagrantfile', 'capfile', 'podfile', 'fastfile'],
    comments: { ...hashes, block: ['=begin', '=end'] },
    constructors: ['initialize'],
    parameterName: 'first',
  },
  {
    id: 'php',
    grammar: npm('tree-sitter-php', 'tree-sitter-php.wasm'),
    queries: queriesOf('php'),
    endings: ['.php', '.phtml', '.php5', '.phps', '.inc.php'],
    comments: javadoc,
    constructors: ['__construct'],
    parameterName: 'last',
  },
  {
    id: 'kotlin',
    grammar: npm('@tree-sitter-grammars/tree-sitter-kotlin', 'tree-sitter-kotlin.wasm'),
    queries: queriesOf('kotlin'),
    hasHugeLexer: true,
    endings: ['.kt', '.kts'],
    comments: javadoc,
    nameAliases: new Map([['companion', 'Companion']]),
    parameterName: 'first',
  },
  {
    id: 'scala',
    grammar: npm('tree-sitter-scala', 'tree-sitter-scala.wasm'),
    queries: queriesOf('scala'),
    endings: ['.scala', '.sc', '.sbt'],
    comments: javadoc,
    constructors: ['this'],
    parameterName: 'first',
    layout: 'indent',
  },
  {
    id: 'swift',
    grammar: {
      file: 'tree-sitter-swift.wasm',
      from: 'node_modules/@repomix/tree-sitter-wasms/out/tree-sitter-swift.wasm',
    },
    queries: queriesOf('swift'),
    hasHugeLexer: true,
    endings: ['.swift'],
    comments: slashes,
    parameterName: 'first',
  },
  {
    id: 'shellscript',
    grammar: npm('tree-sitter-bash', 'tree-sitter-bash.wasm'),
    queries: queriesOf('bash'),
    endings: ['.sh', '.bash', '.zsh', '.ksh', '.bats'],
    names: ['.bashrc', '.bash_profile', '.bash_aliases', '.profile', '.zshrc', '.zprofile', 'pkgbuild', 'apkbuild'],
    foreignIds: ['bash', 'sh', 'zsh'],
    comments: hashes,
    parameterName: 'first',
    layout: 'lines',
  },
  {
    id: 'lua',
    grammar: npm('@tree-sitter-grammars/tree-sitter-lua', 'tree-sitter-lua.wasm'),
    queries: queriesOf('lua'),
    endings: ['.lua', '.rockspec'],
    comments: { line: '--', block: ['--[[', ']]'], docs: 'above', docStart: /^---/ },
    parameterName: 'first',
    implicitParameters: ['self'],
  },
  {
    id: 'mumps',
    grammar: own('mumps'),
    queries: 'grammars/mumps/queries',
    endings: ['.mps', '.int', '.rou', '.ro', '.zwr.m'],
    foreignIds: ['m', 'objectscript-int', 'objectscript-routine', 'mumps-m'],
    comments: { line: ';', docs: 'above' },
    parameterName: 'first',
    layout: 'lines',
  },
  {
    id: 'hlasm',
    grammar: own('hlasm'),
    queries: 'grammars/hlasm/queries',
    endings: ['.hlasm', '.asmpgm', '.mlc', '.alc', '.bal', '.assemble', '.asma'],
    foreignIds: ['hlasmlisting', 'hlasmoptions', 'ibmhlasm', 'alc'],
    comments: { line: '*', docs: 'above' },
    labelLevel: 3,
    macroPatterns: `
((macro_call name: (name) @name operation: (operation) @_operation) @definition.proc (#any-of? @_operation $MACROS) (#set! level 2))
((macro_call !name operation: (operation) @_operation operands: (operands . (operand) @name)) @definition.proc
  (#any-of? @_operation $MACROS) (#set! level 2))`,
    parameterName: 'first',
    layout: 'lines',
  },
  {
    id: 'asm',
    grammar: own('asm'),
    queries: 'grammars/asm/queries',
    endings: ['.nasm', '.masm', '.yasm', '.gas'],
    foreignIds: [
      'asm-collection',
      'nasm',
      'masm',
      'gas',
      'arm',
      'arm64',
      'asm-intel-x86-generic',
      'asm-intel-x86',
      'assembly',
      'x86asm',
      'platformio-debug.asm',
      'riscv',
      'avr',
    ],
    localLabels: /^(?:[.$@]|\d|L\d)/,
    macroPatterns: `
((instruction mnemonic: (mnemonic) @_operation . (operand (identifier) @name)) @definition.function
  (#any-of? @_operation $MACROS) (#set! level 2))`,
    comments: { line: ';', docs: 'above' },
    parameterName: 'first',
    layout: 'lines',
  },
];

const rows = new Map<LanguageId, LanguageRow>(languages.map((row) => [row.id, row]));

/** The row of a language. */
export function languageRow(id: LanguageId): LanguageRow {
  const row = rows.get(id);
  if (row === undefined) throw new Error(`No row for language ${id}`);
  return row;
}

/** What the build copies beside the bundle: grammars and the folders of queries. */
export function grammarAssets(): { readonly grammars: readonly GrammarSource[]; readonly queries: readonly string[] } {
  const grammars = new Map(languages.map((row) => [row.grammar.file, row.grammar]));
  return { grammars: [...grammars.values()], queries: [...new Set(languages.map((row) => row.queries))] };
}
