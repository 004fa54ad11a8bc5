import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type ReportResult,
  reportMethod,
  type TreeHit,
  type TreeResult,
  treeMethod,
  treeSearchMethod,
} from '../../../server/src/protocolViews.ts';
import { evilSource, expectPlain, withEvil } from './hostile.ts';

describe('the tree and the search of a hostile repository', () => {
  it('hold one plain line each, and nothing from outside', () =>
    withEvil(async (client) => {
      const uri = await client.open('evil.js', 'javascript', evilSource);
      await client.request('codegloss/summarize', { uri });
      const folder = pathToFileURL(client.folder).href;
      const ask = async (path: string, isFile: boolean) =>
        (await client.request<TreeResult>(treeMethod, { folder, path, isFile })).nodes;
      const top = await ask('', false);
      expect(top.length).toBeGreaterThan(3);
      const all = [
        ...top,
        ...(await ask('evil.js', true)),
        ...(await ask('py/evil.py', true)),
        ...(await ask('EVIL.m', true)),
      ];
      for (const { name, line, kind } of all) {
        expectPlain(line);
        expect(line).not.toMatch(/\n/);
        if (kind === 'symbol') expectPlain(name);
      }
      for (const path of ['../..', '/etc', '..'])
        for (const isFile of [true, false]) expect(await ask(path, isFile)).toEqual([]);
      const hits = await client.request<readonly TreeHit[]>(treeSearchMethod, { query: 'innocent', limit: 10 });
      for (const { name } of hits) expectPlain(name);
      // The panel escapes what it is given: see test/site/reportPanel.test.ts.
      expect((await client.request<ReportResult>(reportMethod, { uri })).outline.length).toBeGreaterThan(0);
    }));
});
