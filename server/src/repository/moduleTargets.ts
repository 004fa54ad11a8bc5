import path from 'node:path';

/** A file that imports, as far as its place and language say where modules are. */
export interface Importer {
  /** Within the repository; `.` for its root. */
  readonly folder: string;
  readonly language: string;
}

const scriptEndings = ['ts', 'tsx', 'd.ts', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs'];
const pythonEndings = ['py', 'pyi'];

/** Paths without ending at which a module of that written name may stand, likeliest first. */
export function moduleTargets({ folder, language }: Importer, written: string): readonly string[] {
  return language === 'python' ? pythonTargets(folder, written) : scriptTargets(folder, written);
}

/** Endings of files that a module may be, likeliest first. */
export function moduleEndings({ language }: Importer): readonly string[] {
  return language === 'python' ? pythonEndings : scriptEndings;
}

function scriptTargets(folder: string, written: string): readonly string[] {
  const plain = written.replace(/\.(?:d\.ts|[mc]?[jt]sx?)$/, '');
  if (/^\.{1,2}(?:\/|$)/.test(written)) {
    const target = path.posix.join(folder, plain);
    return [target, `${target}/index`].map((each) => each.replace(/^\.\//, ''));
  }
  // `src/x` from a base folder, `@/x` and `~/x` by the usual alias: looked for in every folder around the file.
  const parts = plain.replace(/^[@~]\//, 'src/');
  const [, name = '', rest = '/index'] = /^(?:@[^/]+\/)?([^/]+)(\/.+)?$/.exec(plain) ?? [];
  return around(folder).flatMap((base) => [
    ...(parts.includes('/') ? [`${base}${parts}`, `${base}${parts}/index`] : []),
    // A package of the same repository.
    `${base}packages/${name}/src${rest}`,
    `${base}${name}/src${rest}`,
  ]);
}

function pythonTargets(folder: string, written: string): readonly string[] {
  const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(written) ?? [];
  const parts = rest === '' ? '' : `/${rest.replaceAll('.', '/')}`;
  if (dots !== '') {
    const base = path.posix.join(folder, ...Array.from({ length: dots.length - 1 }, () => '..'));
    const target = `${base === '.' ? '' : base}${parts}`.replace(/^\//, '');
    return [target, `${target}/__init__`.replace(/^\//, '')].filter((each) => each !== '');
  }
  return around(folder).flatMap((base) =>
    [`${base}${parts.slice(1)}`, `${base}src${parts}`].flatMap((target) => [target, `${target}/__init__`]),
  );
}

/** The folder and those around it, innermost last, each empty or with a slash behind: a repository's root is the likeliest base of imports. */
function around(folder: string): readonly string[] {
  const parts = folder === '.' ? [] : folder.split('/');
  return ['', ...parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`)].slice(0, 12);
}
