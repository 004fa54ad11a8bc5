import { copyFileSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../server/src/model/clock.ts';
import { openEmbedded } from '../../../../server/src/model/embedded/openEmbedded.ts';
import { root } from './realModel.ts';

describe('the name of the shipped model', () => {
  it('stays the same for the same files and changes with weights of the same size', () => {
    const copy = mkdtempSync(path.join(tmpdir(), 'codegloss-model-'));
    mkdirSync(path.join(copy, 'models'));
    for (const name of ['model.json', 'codegloss-int8.onnx'])
      copyFileSync(path.join(root, 'models', name), path.join(copy, 'models', name));
    const nameIn = (folder: string): string => openEmbedded({ bundled: false, root: folder }, systemClock).name;
    const first = nameIn(copy);
    expect(first).toMatch(/^codegloss-int8-[0-9a-f]{8}$/);
    expect(nameIn(root)).toBe(first);
    const weights = path.join(copy, 'models/codegloss-int8.onnx');
    const half = Math.floor(statSync(weights).size / 2);
    writeSync(openSync(weights, 'r+'), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 0, 8, half);
    expect(nameIn(copy)).not.toBe(first);
    rmSync(copy, { recursive: true });
  });
});
