import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findAssets } from '../assets.ts';

/** Of the package that this runs from; the manifest lies beside the bundle's folder and at the root of a checkout. */
export function version(): string {
  const { root, bundled } = findAssets(import.meta.dirname);
  try {
    const manifest: unknown = JSON.parse(
      readFileSync(path.join(root, bundled ? '../package.json' : 'package.json'), 'utf8'),
    );
    return String((manifest as { readonly version?: unknown }).version ?? '0.0.0');
  } catch {
    return '0.0.0';
  }
}
