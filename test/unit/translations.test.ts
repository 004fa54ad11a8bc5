import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): Record<string, string> => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

/** What a translator must leave as it is: places for values, targets of links, names of settings, code. */
const kept = (text: string): readonly string[] =>
  (text.match(/\{\d\}|\(command:[\w.]+\)|`[^`]*`|codegloss\.[\w.]+\w|\*\*/g) ?? []).toSorted();

const languagesOf = (folder: string, name: RegExp): readonly string[] =>
  readdirSync(path.join(root, folder)).flatMap((file) => name.exec(file)?.[1] ?? []);

describe.each([
  { what: 'the manifest', english: 'package.nls.json', in: (tag: string) => `package.nls.${tag}.json` },
  { what: 'the client', english: 'l10n/bundle.l10n.json', in: (tag: string) => `l10n/bundle.l10n.${tag}.json` },
])('translations of $what', ({ english, in: fileOf }) => {
  const source = read(english);
  const tags = languagesOf('.', /^package\.nls\.([a-z-]+)\.json$/);

  it('are there in every language that the manifest has', () => {
    expect(tags).toContain('de');
    expect(languagesOf('l10n', /^bundle\.l10n\.([a-z-]+)\.json$/)).toEqual(tags);
  });

  it.each(tags)('say all that English says, and nothing else: %s', (tag) => {
    expect(Object.keys(read(fileOf(tag))).toSorted()).toEqual(Object.keys(source).toSorted());
  });

  it.each(tags)('keep values, links, settings and code as they are: %s', (tag) => {
    const translated = read(fileOf(tag));
    const broken = Object.keys(source).filter(
      (key) =>
        translated[key]?.trim() === '' ||
        JSON.stringify(kept(translated[key] ?? '')) !== JSON.stringify(kept(source[key] ?? '')),
    );
    expect(broken).toEqual([]);
  });
});
