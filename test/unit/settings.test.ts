import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  defaultSettings,
  machineSettings,
  parseSettings,
  restrictedSettings,
  settingsSchema,
} from '../../server/src/settings.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

interface Property {
  readonly type: string | readonly string[];
  readonly scope: string;
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
  readonly markdownDescription: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

const manifest = read('package.json');
const texts: Record<string, string> = read('package.nls.json');
const properties: Record<string, Property> = Object.assign(
  {},
  ...manifest.contributes.configuration.map((page: { properties: object }) => page.properties),
);
const names = Object.keys(properties).map((name) => name.replace(/^codegloss\./, ''));
const property = (name: string): Property => properties[`codegloss.${name}`]!;

interface Leaf {
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly properties?: Record<string, Leaf>;
}

/** Settings of the schema by dotted name. */
function leaves(node: Leaf, prefix = ''): [string, Leaf][] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
    child.properties === undefined ? [[prefix + name, child] as [string, Leaf]] : leaves(child, `${prefix}${name}.`),
  );
}

const schema = new Map(leaves(z.toJSONSchema(settingsSchema, { io: 'input' }) as Leaf));

describe('the manifest and the settings schema', () => {
  it('name the same settings, all under codegloss.', () => {
    expect([...names].sort()).toEqual([...schema.keys()].sort());
    expect(Object.keys(properties).every((name) => name.startsWith('codegloss.'))).toBe(true);
  });

  it.each([...schema])('agree about %s', (name, leaf) => {
    expect(property(name).default).toEqual(leaf.default);
    expect(property(name).enum).toEqual(leaf.enum);
    if (property(name).maxLength !== undefined) expect(property(name).maxLength).toBe(leaf.maxLength);
    if (leaf.minimum !== undefined) expect(property(name).minimum).toBe(leaf.minimum);
    if (leaf.maximum !== undefined) expect(property(name).maximum).toBe(leaf.maximum);
  });

  it.each(names)('%s is described in words, each of its choices too', (name) => {
    const { markdownDescription, markdownEnumDescriptions = [], enum: choices = [] } = property(name);
    expect(markdownEnumDescriptions).toHaveLength(choices.length);
    for (const key of [markdownDescription, ...markdownEnumDescriptions]) expect(texts[key.slice(1, -1)]).toBeTruthy();
  });

  it('keep what spends money or sends code out of the reach of repositories', () => {
    const machine = names.filter((name) => property(name).scope === 'machine');
    expect(machine.sort()).toEqual([...machineSettings].sort());
  });

  it('name the same settings as restricted in untrusted workspaces', () => {
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(supported).toBe('limited');
    expect([...restrictedConfigurations].sort()).toEqual(restrictedSettings.map((name) => `codegloss.${name}`).sort());
  });
});

describe('parseSettings', () => {
  it('takes the defaults of the manifest without complaint', () => {
    const nested = {};
    for (const name of names) place(nested, name.split('.'), property(name).default);
    expect(parseSettings(nested)).toEqual({ settings: defaultSettings, problems: [] });
  });

  it('keeps the default of a setting that is wrong, says so, and honours the rest', () => {
    const { settings, problems } = parseSettings({ provider: 'nobody', hover: { enabled: false } });
    expect(settings).toEqual({ ...defaultSettings, hover: { ...defaultSettings.hover, enabled: false } });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('codegloss.provider');
  });
});

function place(into: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[first] = value;
    return;
  }
  into[first] ??= {};
  place(into[first] as Record<string, unknown>, rest, value);
}
