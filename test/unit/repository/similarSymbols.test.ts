import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { similarDocumented } from '../../../server/src/repository/similarSymbols.ts';
import { readingInOrder, writeRepository } from './indexedRepository.ts';

it('twins among similar functions come in the order of their places, whichever file was read first', async () => {
  const twin = 'def settle(invoice):\n    """Settles an invoice."""\n    return ledger.close(invoice)\n';
  const root = writeRepository({ 'a.py': twin, 'b.py': twin });
  const found = (paths: readonly string[]): Promise<readonly string[]> =>
    readingInOrder(root, paths, (database) => {
      const file = database.prepare('SELECT f.path FROM symbols s JOIN files f ON f.id = s.file WHERE s.id = ?');
      const similar = similarDocumented(database, 'ledger.close(invoice)', 5);
      return similar.map(({ symbol }) => String(file.get(symbol)?.['path']));
    });
  expect(await found(['a.py', 'b.py'])).toEqual(['a.py', 'b.py']);
  expect(await found(['b.py', 'a.py'])).toEqual(['a.py', 'b.py']);
  rmSync(root, { recursive: true, force: true });
});
