/**
 * A name that a file has from elsewhere, or under which it hands something on. `module` is as it is written, empty for the file itself;
 * `imported` is the name there, `*` for the module as a whole. `name` is `*` where all names of the module are handed on.
 */
export type Binding = readonly [name: string, module: string, imported: string];

/** What a Python file's `__all__` lists stands in the place of a binding of that name. */
export const listed = '__all__';

const maxBindings = 2000;

/** True for a binding that gives what it means another name. */
export function isAlias([name, , imported]: Binding): boolean {
  return name !== imported && imported !== '*' && name !== 'default' && name !== listed;
}

/** Names that import and export statements of JavaScript and TypeScript bring in or hand on. @param statements those with a module, as written */
export function scriptBindings(text: string, statements: readonly string[]): readonly Binding[] {
  const bindings: Binding[] = [];
  for (const statement of statements) {
    const module = /(["'])([^"'\n]+)\1\s*\)?\s*(?:(?:with|assert)\s*\{[^}]*\}\s*)?;?\s*$/.exec(statement)?.[2];
    if (module !== undefined) bindings.push(...statementBindings(statement, module));
  }
  const required = text.includes('require')
    ? text.matchAll(/\b(?:const|let|var)\s+(\{[^{}]*\}|[\w$]+)\s*=\s*require\(\s*(["'])([^"'\n]+)\2\s*\)/g)
    : [];
  for (const [, target = '', , module = ''] of required) {
    if (target.startsWith('{')) for (const [from, to] of namesIn(target, ':')) bindings.push([to, module, from]);
    else bindings.push([target, module, '*']);
  }
  for (const [, names = ''] of text.matchAll(/^export\s*(?:type\s*)?\{([^{}]*)\}(?!\s*from\b)/gm))
    for (const [from, to] of namesIn(names, 'as')) if (from !== to) bindings.push([to, '', from]);
  const main =
    /^export\s+default\s+(?:(?:abstract\s+)?class|(?:async\s+)?function\s*\*?)\s+([\w$]+)|^export\s+(?:default\s+|=\s*)([\w$]+)\s*;?\s*$/m.exec(
      text,
    );
  const name = main?.[1] ?? main?.[2];
  if (name !== undefined) bindings.push(['default', '', name]);
  return bindings.slice(0, maxBindings);
}

function statementBindings(statement: string, module: string): readonly Binding[] {
  const clause = /^(import|export)\s+(?:type\s+)?([\s\S]*?)\s*\bfrom\s*["']/.exec(statement);
  const required = /^import\s+([\w$]+)\s*=\s*require\b/.exec(statement)?.[1];
  if (required !== undefined) return [[required, module, '*']];
  if (clause === null) return [];
  const [, , what = ''] = clause;
  const bindings: Binding[] = [];
  const [braced = '', names = ''] = /\{([\s\S]*)\}/.exec(what) ?? [];
  for (const [from, to] of namesIn(names, 'as')) bindings.push([to, module, from]);
  for (const part of what.replace(braced, '').split(',')) {
    const [, whole] = /^\s*\*\s*(?:as\s+([\w$]+))?\s*$/.exec(part) ?? [];
    const main = /^\s*([\w$]+)\s*$/.exec(part)?.[1];
    if (whole !== undefined) bindings.push([whole, module, '*']);
    else if (part.trim() === '*') bindings.push(['*', module, '*']);
    else if (main !== undefined) bindings.push([main, module, 'default']);
  }
  return bindings;
}

function namesIn(list: string, as: 'as' | ':'): readonly (readonly [from: string, to: string])[] {
  const separator = as === 'as' ? /\s+as\s+/ : /\s*:\s*/;
  return list
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    .replace(/^\s*\{|\}\s*$/g, '')
    .split(',')
    .map((part) => part.trim().replace(/^type\s+(?!as\b)/, ''))
    .filter((part) => part !== '')
    .map((part) => {
      const [from = part, to = from] = part.split(separator);
      return [from.trim(), to.trim()] as const;
    });
}

/** Names that import statements of Python bring in. @param statements as written */
export function pythonBindings(text: string, statements: readonly string[]): readonly Binding[] {
  const bindings: Binding[] = [];
  for (const statement of statements) {
    const plain = statement.replace(/#.*$/gm, '').replace(/\\\r?\n/g, ' ');
    const [, module, names] = /^from\s+([\w.]+)\s+import\s+([\s\S]*)$/.exec(plain) ?? [];
    if (module !== undefined && names !== undefined) {
      for (const [from, to] of namesIn(names.replace(/[()]/g, ' '), 'as')) bindings.push([to, module, from]);
      continue;
    }
    for (const [from, to] of namesIn(plain.replace(/^import\s+/, ''), 'as')) bindings.push([to, from, '*']);
  }
  const all = /^__all__\s*(?::[^=\n]*)?=\s*[[(]([^\])]*)[\])]/m.exec(text)?.[1];
  if (all !== undefined && !/^__all__\s*(?:\+=|\.)/m.test(text))
    bindings.push([listed, '', [...all.matchAll(/["'](\w+)["']/g)].map(([, name]) => name).join(' ')]);
  return bindings.slice(0, maxBindings);
}
