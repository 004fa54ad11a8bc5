import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findAssets } from '../../server/src/assets.ts';
import { indexCommand } from '../../server/src/cli/index.ts';
import { indexLocation } from '../../server/src/repository/indexLocation.ts';
import { openRepositoryIndex } from '../../server/src/repository/repositoryIndex.ts';
import { storeAddress } from '../../server/src/store/postgres/address.ts';
import { connectFacts } from '../../server/src/store/postgres/facts.ts';
import { type Bench, bench } from '../unit/bulk/commands.ts';
import { type Cluster, postgresPrograms, startCluster } from './postgres.ts';

const programs = postgresPrograms();
if (programs === undefined) console.log('skipped: there is no PostgreSQL here, and none could be installed');

const files = {
  'src/ledger.ts':
    "import { round } from './round';\n\n/** Keeps secretBalance. */\nexport class Ledger extends Base {\n  add(amount: number): number {\n    return round(amount);\n  }\n}\n",
  'src/round.ts': 'export function round(value: number): number {\n  return Math.round(value);\n}\n',
  'tools/report.py': 'import os\n\ndef report(rows):\n    """Writes the rows."""\n    return os.linesep.join(rows)\n',
  'legacy/PAY.m': 'PAY ; pays\n W "x"\n Q\nNEXT(A) ;\n D PAY\n Q A\n',
};
const count = Object.keys(files).length;
const assets = findAssets(path.resolve(import.meta.dirname, '../../server/src'));

/** All that the index says, whatever its rows are called. */
function contentOf(database: string): unknown {
  const open = new DatabaseSync(database, { readOnly: true });
  try {
    return [
      'SELECT path, language, hash FROM files ORDER BY path',
      'SELECT f.path, s.name, symbol_path, kind, start_line, start_character, end_line, end_character, signature, doc, doc_start_line, doc_end_line, terms FROM symbols s JOIN files f ON f.id = s.file ORDER BY f.path, s.id',
      'SELECT f.path, c.name, receiver, line, character FROM calls c JOIN files f ON f.id = c.file ORDER BY f.path, line, character, c.name',
      'SELECT f.path, i.name FROM imports i JOIN files f ON f.id = i.file ORDER BY 1, 2',
      'SELECT s.name, b.name AS base FROM bases b JOIN symbols s ON s.id = b.symbol ORDER BY 1, 2',
      'SELECT count(*) FROM edges',
    ].map((sql) => open.prepare(sql).all());
  } finally {
    open.close();
  }
}

describe.skipIf(programs === undefined)('the shared index', () => {
  let cluster: Cluster;
  let databases = 0;
  const benches: Bench[] = [];
  const folders: string[] = [];

  beforeAll(() => {
    cluster = startCluster(programs ?? '');
    cluster.sql('postgres', 'CREATE ROLE member LOGIN');
  });
  afterAll(() => cluster.dispose());
  afterEach(() => {
    for (const one of benches.splice(0)) one.dispose();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  const newDatabase = (): string => {
    const name = `facts${++databases}`;
    cluster.database(name);
    return name;
  };

  function machine(): Bench {
    const one = bench(files);
    benches.push(one);
    return one;
  }

  async function indexed(one: Bench, store?: string) {
    const { code, json, err } = await one.run(indexCommand, store === undefined ? [] : ['--store', store]);
    expect(code).toBe(0);
    return { json, err, content: contentOf(String(json['database'])) };
  }

  it('spares a second machine the parsing, and gives it the same index', async () => {
    const database = newDatabase();
    const [one, other, alone] = [machine(), machine(), machine()];
    const first = await indexed(one, cluster.url(database));
    expect(first.json['shared']).toEqual({ fetched: 0, given: count, kept: 0 });
    const second = await indexed(other, cluster.url(database, 'member'));
    expect(second.json['shared']).toEqual({ fetched: count, given: 0, kept: 0 });
    const own = await indexed(alone);
    expect(own.json['shared']).toBeUndefined();
    expect(first.content).toEqual(own.content);
    expect(second.content).toEqual(own.content);
  });

  it("serves an editor's index, and leaves it as good when the server is away", async () => {
    const database = newDatabase();
    await indexed(machine(), cluster.url(database));
    const open = async (url: string) => {
      const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
      folders.push(home);
      const problems: string[] = [];
      const index = openRepositoryIndex({
        location: indexLocation(machine().root, { home, userHome: tmpdir() }),
        assets,
        threads: 1,
        ignore: [],
        yields: true,
        team: async () => ({ url, password: null }),
        onProblem: (message) => problems.push(message),
      });
      const report = await index.ready;
      await index.dispose();
      return { report, problems };
    };
    const served = await open(cluster.url(database, 'member'));
    expect(served.report).toMatchObject({ files: count, shared: { fetched: count, given: 0, kept: 0 } });
    expect(served.problems).toEqual([]);
    const away = await open(`${cluster.url('nowhere', 'member')}`);
    expect(away.report).toMatchObject({ files: count, shared: { fetched: 0 } });
    expect(away.problems).toHaveLength(1);
  });

  it('knows a file by its bytes, wherever it lies, and a changed one not at all', async () => {
    const database = newDatabase();
    await indexed(machine(), cluster.url(database));
    const moved = machine();
    renameSync(path.join(moved.root, 'src/round.ts'), path.join(moved.root, 'tools/rounding.ts'));
    writeFileSync(path.join(moved.root, 'tools/report.py'), 'def report(rows):\n    return rows\n');
    const { json, content } = await indexed(moved, cluster.url(database));
    expect(json['shared']).toEqual({ fetched: count - 1, given: 1, kept: 0 });
    expect(JSON.stringify(content)).toContain('tools/rounding.ts');
  });

  it('shows no name, path or text to who lists the database, and lets members list nothing', async () => {
    const database = newDatabase();
    await indexed(machine(), cluster.url(database));
    const dump = cluster.sql(database, "SELECT encode(id, 'escape') || encode(body, 'escape') FROM codegloss.facts");
    expect(dump).not.toMatch(/ledger|round|report|PAY|secretBalance/i);
    for (const statement of [
      'SELECT * FROM codegloss.facts',
      'DELETE FROM codegloss.facts',
      'SELECT codegloss.facts_trim(0, 1)',
    ])
      expect(() => cluster.sql(database, `SET ROLE member; ${statement}`)).toThrow(/permission denied/);
  });

  it('parses what a row under the right name does not open', async () => {
    const database = newDatabase();
    const first = await indexed(machine(), cluster.url(database));
    cluster.sql(database, 'UPDATE codegloss.facts SET body = set_byte(body, 40, get_byte(body, 40) # 255)');
    const second = await indexed(machine(), cluster.url(database));
    expect(second.content).toEqual(first.content);
  });

  it('indexes as well while the server is away, and says so once', async () => {
    const database = newDatabase();
    const with_ = await indexed(machine(), cluster.url(database));
    cluster.stop();
    try {
      const away = await indexed(machine(), cluster.url(database));
      expect(away.content).toEqual(with_.content);
      expect(away.json['shared']).toEqual({ fetched: 0, given: 0, kept: count });
      expect(away.err.match(/shared index cannot be asked/g)).toHaveLength(1);
    } finally {
      cluster.start();
    }
  });

  it('forgets what nobody used for long, and keeps what was read', async () => {
    const database = newDatabase();
    const one = machine();
    await indexed(one, cluster.url(database));
    cluster.sql(database, 'UPDATE codegloss.facts SET used = current_date - 100');
    const part = mkdtempSync(path.join(tmpdir(), 'codegloss-part-'));
    folders.push(part);
    cpSync(path.join(one.root, 'src'), part, { recursive: true });
    await one.run(
      {
        ...indexCommand,
        run: (context) => indexCommand.run({ ...context, args: [part, '--json', '--store', cluster.url(database)] }),
      },
      [],
    );
    const address = storeAddress(cluster.url(database));
    if (!address.ok) throw new Error(address.problem);
    const facts = connectFacts(address.config);
    expect(await facts.trim(90)).toBe(count - 2);
    await facts.close();
  });
});
